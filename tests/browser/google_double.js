// A double of Google's tags: it reads, stores and sends what they do, as seen from a visitor's device.
// It reads the commands in dataLayer, and obeys Consent Mode, the cookie settings of each config and
// ga-disable-. Like the real tags it runs as long as the page does, and sets deleted cookies again.

(() => {
  const TWO_YEARS = 2 * 365 * 24 * 60 * 60; // Google's own default
  const OWN_LIVES = { _gat: 60, _gid: 24 * 60 * 60 };
  const HEARTBEAT_MILLISECONDS = 20;
  const ANALYTICS = "https://www.google-analytics.com/g/collect";
  const ADS = "https://www.googleadservices.com/pagead/conversion/";

  // As at Google, everything is granted where no "default" command denies it.
  const consent = { ad_storage: "granted", analytics_storage: "granted" };
  const configs = new Map();

  const isAnalytics = (id) => id.startsWith("G-");
  const isGranted = (id) => consent[isAnalytics(id) ? "analytics_storage" : "ad_storage"] === "granted";
  const isDisabled = (id) => window[`ga-disable-${id}`] === true;

  function obey(command) {
    // A plain array is data for Tag Manager; only gtag's own `arguments` object is a command.
    if (Object.prototype.toString.call(command) !== "[object Arguments]") return;
    const [name, first, second] = command;
    if (name === "consent") {
      Object.assign(consent, second);
      configs.forEach((_, id) => run(id, "consent"));
    }
    if (name === "config") {
      configs.set(first, second ?? {});
      run(first, "page_view");
    }
    if (name === "event") {
      const [id, label = ""] = second.send_to.split("/");
      if (isGranted(id) && !isDisabled(id)) send(id, first, { ...second, label });
    }
  }

  function run(id, event) {
    if (!isGranted(id) || isDisabled(id)) return;
    if (!isAnalytics(id)) localStorage.setItem("_gcl_ls", "{}");
    const written = namesOf(id).filter((name) => write(name, configs.get(id)));
    if (event === "heartbeat" && written.length === 0) return;
    send(id, event, {});
  }

  // Like the real tag it sends the address of the page, its title and its referrer.
  function send(id, event, values) {
    const address = isAnalytics(id) ? `${ANALYTICS}?tid=${id}` : `${ADS}${id.slice(3)}/?random=1`;
    const query = new URLSearchParams({
      en: event,
      dl: location.href,
      dt: document.title,
      dr: document.referrer,
      ...values,
    });
    const image = new Image();
    image.src = `${address}&${query}`;
  }

  function namesOf(id) {
    if (isAnalytics(id)) return ["_ga", `_ga_${id.slice(2)}`, "_gid", "_gat"];
    return ["_gcl_au"];
  }

  function write(name, settings) {
    const exists = document.cookie.split("; ").some((pair) => pair.startsWith(`${name}=`));
    if (exists && settings.cookie_update === false) return false;
    const domain = settings.cookie_domain === "none" ? "" : `; domain=${location.hostname}`;
    const seconds = OWN_LIVES[name] ?? settings.cookie_expires ?? TWO_YEARS;
    document.cookie = `${name}=GS1.1.1; path=/; max-age=${seconds}; SameSite=Lax${domain}`;
    return !exists;
  }

  const layer = (window.dataLayer ??= []);
  layer.forEach(obey);
  const push = layer.push;
  layer.push = function (...commands) {
    commands.forEach(obey);
    return push.apply(layer, commands);
  };

  // Every other id than that of the first script loads a script of its own.
  const own = new URL(document.currentScript.src).searchParams.get("id");
  for (const id of configs.keys()) {
    if (id === own || !isGranted(id)) continue;
    const more = document.createElement("script");
    more.src = `https://www.googletagmanager.com/gtag/destination?id=${id}`;
    document.head.append(more);
  }

  // Analytics measures while the page is open, and once more when it closes.
  const measure = (event) => configs.forEach((_, id) => isAnalytics(id) && run(id, event));
  setInterval(measure, HEARTBEAT_MILLISECONDS, "heartbeat");
  addEventListener("pagehide", () => measure("user_engagement"));
  document.addEventListener("visibilitychange", () => measure("user_engagement"));
})();
