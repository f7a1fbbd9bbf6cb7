// The rules of html-validate for every page; tests/test_valid_html.py runs it.

export default {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    // On a phone static/css/table.css shows table rows as blocks. Without explicit roles, browsers then
    // no longer tell assistive technology that it is a table.
    "no-redundant-role": "off",
    // Every button here submits its form, as a button without a type does.
    "no-implicit-button-type": "off",
  },
};
