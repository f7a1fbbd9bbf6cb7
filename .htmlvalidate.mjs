// What html-validate asks of every page; tests/test_valid_html.py runs it.

export default {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    // static/css/table.css shows the rows of a table as blocks on a phone: without the roles, browsers
    // would then no longer tell assistive technology that it is a table.
    "no-redundant-role": "off",
    // Every button here sends its form, which is what a button without a type does.
    "no-implicit-button-type": "off",
  },
};
