// Sends a log of orders to clvd, has a model fitted, and prints what three customers are worth.
//
//   CLV_TOKEN=clv_... node client.mjs --socket /tmp/clvd.sock --protos grpc/proto --log orders.csv
//
// Start it again after a break at any point: it goes on where the server's disk says.
import {randomUUID} from "node:crypto";
import {readFileSync} from "node:fs";
import {parseArgs, promisify} from "node:util";
import grpc from "@grpc/grpc-js";
import {loadSync} from "@grpc/proto-loader";

const BATCH_ROWS = 5; // small, to show several; up to max_batch_items

// No code generator: the services are made from the .proto files. 64-bit integers as text, because
// amounts above 2^53 have no number in JavaScript.
function services(folder) {
  const files = ["ingest", "model", "job", "scoring"].map((name) => `clv/v1/${name}_service.proto`);
  const shape = {keepCase: true, longs: String, enums: String, defaults: true};
  return grpc.loadPackageDefinition(loadSync(files, {includeDirs: [folder], ...shape})).clv.v1;
}

function timestamp(text) {
  return {seconds: Math.floor(Date.parse(text) / 1000), nanos: 0}; // the log has whole seconds
}

function transactions(path) {
  const [head, ...lines] = readFileSync(path, "utf8").trim().split("\n").map((l) => l.split(","));
  return lines.map((cells) => {
    const row = Object.fromEntries(head.map((name, i) => [name, cells[i]]));
    const minor_units = row.amount.replace(".", ""); // "24.77": money is never a float
    return {event_id: row.event_id, customer: row.customer, time: timestamp(row.time),
            amount: {currency_code: "EUR", minor_units}};
  });
}

// Batch n of the file has sequence n, so that `opened` says which are on disk already.
async function send(ingest, {metadata, until}, path) {
  const rows = transactions(path);
  const last = Math.ceil(rows.length / BATCH_ROWS);
  const call = ingest.IngestStream(metadata, until());
  const responses = call[Symbol.asyncIterator]();
  call.write({open: {source: "shop", producer_id: "orders"}});
  const {opened} = (await responses.next()).value;
  const acks = [];
  let [durable, window] = [Number(opened.durable_sequence), opened.window];
  for (let sequence = durable + 1; sequence <= last; ++sequence) {
    while (sequence - durable > window) { // as many may be on their way; an ack covers several
      acks.push((await responses.next()).value.ack);
      [durable, window] = [Number(acks.at(-1).durable_sequence), acks.at(-1).window];
    }
    const transactions = rows.slice((sequence - 1) * BATCH_ROWS, sequence * BATCH_ROWS);
    call.write({batch: {sequence, events: {transactions}}});
  }
  call.end();
  for await (const {ack} of {[Symbol.asyncIterator]: () => responses}) acks.push(ack);
  const sum = (name) => acks.reduce((total, ack) => total + Number(ack[name]), 0);
  console.log(`sent after batch ${opened.durable_sequence}: ` +
              `${sum("accepted_count")} new, ${sum("duplicate_count")} known`);
}

// A job: it goes on when this client goes away, and the same request_id finds it again.
async function fit(models, jobs, {metadata, until}) {
  const request = {request_id: randomUUID(), promote_to: "aliases/production"};
  let {job} = await promisify(models.FitModel.bind(models))(request, metadata, until());
  for await (const response of jobs.WatchJob({name: job.name}, metadata, until())) {
    job = response.job;
  }
  const words = [job.kind, job.state, ...job.warnings, job.error?.message];
  console.log(words.filter(Boolean).join(" "));
}

async function score(scoring, {metadata, until}, customers) {
  const request = {customers, as_of: timestamp("2025-01-01T00:00:00Z")};
  const ask = promisify(scoring.ScoreCustomers.bind(scoring));
  const {rows, currency_code} = await ask(request, metadata, until());
  for (const {customer, clv} of rows) {
    console.log(`${customer} ${clv.toPrecision(17)} ${currency_code}`);
  }
}

const {values} = parseArgs({options: {
  socket: {type: "string"}, protos: {type: "string"}, log: {type: "string"}}});
const api = services(values.protos);
const client = (Service) => new Service(`unix:${values.socket}`, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
if (process.env.CLV_TOKEN) metadata.set("authorization", `Bearer ${process.env.CLV_TOKEN}`);
const call = {metadata, until: () => ({deadline: Date.now() + 60_000})};
try {
  await send(client(api.IngestService), call, values.log);
  await fit(client(api.ModelService), client(api.JobService), call);
  await score(client(api.ScoringService), call, ["c000001", "c000003", "c000011"]);
  process.exit(0); // the channels would keep Node running
} catch (error) {
  console.error(`clvd: ${grpc.status[error.code] ?? error}: ${error.details}`);
  process.exit(1);
}
