// Scores one page by the tests and the arithmetic of MDN's HTTP Observatory, and prints JSON.
// node observatory.mjs FOLDER HOST PATH HTTP_PORT HTTPS_PORT: the host is served on these ports of
// this machine.

import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { pathToFileURL } from "node:url";

const [folder, host, path, httpPort, httpsPort] = process.argv.slice(2);
const PORTS = { 80: Number(httpPort), 443: Number(httpsPort) };
const tool = `${folder}/node_modules/@mdn/mdn-http-observatory`;

// Every connection leads to this machine, as if its name and the usual ports were there.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...parameters) {
  const options = Array.isArray(parameters[0]) ? parameters[0][0] : parameters[0];
  options.port = PORTS[options.port] ?? options.port;
  options.host = "127.0.0.1";
  return connect.apply(this, parameters);
};

// The list of hosts that browsers know as https only is not part of the package: nobody is on it.
const preloaded = `${tool}/conf/hsts-preload.json`;
try {
  readFileSync(preloaded);
} catch {
  writeFileSync(preloaded, "{}");
}

const load = (name) => import(pathToFileURL(`${tool}/src/${name}`).href);
const { retrieve } = await load("retriever/retriever.js");
const { ALL_TESTS } = await load("constants.js");
const { getScoreModifier } = await load("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");

const page = await retrieve(host, { path });
const modifiers = {};
for (const test of ALL_TESTS) {
  const { result } = test(page);
  modifiers[result] = getScoreModifier(result);
}
// As in its scan(), which refuses pages with the status 404.
const all = Object.values(modifiers);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const uncurved = 100 + sum(all.filter((modifier) => modifier < 0));
const isExtraCounted = uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT;
const score = isExtraCounted ? 100 + sum(all) : uncurved;
console.log(JSON.stringify({ status: page.responses.auto.status, score, modifiers }));
process.exit(0);
