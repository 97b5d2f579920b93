// Asks clvd for the value of a few customers over its HTTP/JSON door and prints a table.
//
//   node client.mjs --http unix:/tmp/clvd.http --descriptors /tmp/clv.binpb
//
// No generated code: protoc writes the services' descriptors into one file, and the client reads
// it. Failures print the Connect code and the reason of google.rpc.ErrorInfo.
import {readFileSync} from "node:fs";
import {parseArgs} from "node:util";
import {createFileRegistry, fromBinary} from "@bufbuild/protobuf";
import {FileDescriptorSetSchema} from "@bufbuild/protobuf/wkt";
import {ConnectError, createClient, Code} from "@connectrpc/connect";
import {createConnectTransport} from "@connectrpc/connect-node";

// Published estimates for the CDNOW sample, ages in weeks: Fader, Hardie & Lee (2005) for purchases,
// Fader & Hardie (2013) for spend.
const parameters = {
  unit: "week",
  currencyCode: "USD",
  purchase: {model: "bg_nbd", parameters: {r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259}},
  spend: {model: "gamma_gamma", parameters: {p: 6.25, q: 3.7442, gamma: 15.4415}},
};

// tX and T are the dictionary's t_x and T; meanSpend is left out where unknown.
const rows = [
  {customer: "anna", x: 2, tX: 30.43, T: 38.86, meanSpend: 22.35},
  {customer: "ben", x: 10, tX: 35.1, T: 38, meanSpend: 48.9},
  {customer: "cleo", x: 10, tX: 5, T: 38, meanSpend: 48.9},
  {customer: "dora", x: 0, tX: 0, T: 30},
];

function transport(http, binary) {
  const socketPath = http.startsWith("unix:") ? http.slice("unix:".length) : undefined;
  return createConnectTransport({
    baseUrl: socketPath ? "http://localhost" : `http://${http}`,
    httpVersion: "1.1",
    useBinaryFormat: binary,
    nodeOptions: {socketPath},
    interceptors: [authorised],
  });
}

// A token is needed on TCP only: clvd token add.
const authorised = (next) => (request) => {
  const token = process.env.CLV_TOKEN;
  if (token) request.header.set("authorization", `Bearer ${token}`);
  return next(request);
};

function table({rows, currencyCode}) {
  const right = (number, digits, width) => number.toFixed(digits).padStart(width);
  const head = `${"customer".padEnd(10)}  alive  purchases${currencyCode.padStart(9)}  interval`;
  return [head, ...rows.map((row) =>
    row.customer.padEnd(10) + right(row.pAlive, 3, 7) + right(row.expectedPurchases, 3, 11) +
    right(row.clv, 2, 9) + `  ${row.clvP10.toFixed(2)} to ${row.clvP90.toFixed(2)}`)].join("\n");
}

// What clvd says of a row that cannot be: which field, in google.rpc.BadRequest.
function explained(error, registry) {
  const {code, rawMessage} = ConnectError.from(error);
  const [info] = error.findDetails(registry.getMessage("google.rpc.ErrorInfo"));
  const [bad] = error.findDetails(registry.getMessage("google.rpc.BadRequest"));
  const field = bad?.fieldViolations[0]?.field ?? "";
  return `${Code[code]} ${info?.reason ?? ""} ${field}`.trimEnd() + (info ? "" : `: ${rawMessage}`);
}

async function main() {
  const {values} = parseArgs({options: {
    http: {type: "string"}, descriptors: {type: "string"}, binary: {type: "boolean"}}});
  const files = fromBinary(FileDescriptorSetSchema, readFileSync(values.descriptors));
  const registry = createFileRegistry(files);
  const scoring = createClient(registry.getService("clv.v1.ScoringService"),
                               transport(values.http, values.binary ?? false));
  const ask = (rows) => scoring.scoreSummaries(
    {model: {case: "parameters", value: parameters}, rows, horizon: 39, annualDiscount: 0.15},
    {timeoutMs: 10_000});
  console.log(table(await ask(rows)));
  try {
    await ask([rows[0], {...rows[1], tX: 40}]);
  } catch (error) {
    console.log(`ben at t_x 40, T 38: ${explained(error, registry)}`);
  }
}

await main();
