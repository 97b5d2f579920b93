// Every verb of the library has a method, which reaches the C function that it is named after; and what
// a verb leaves behind. node --test verbs_test.mjs, with CLV_LIBRARY, CLV_PLUGIN and CLV_ORDERS
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import v8 from 'node:v8';
import { ClvError, begin, column, constants, load } from 'libclv';

const { CLV_LIBRARY: path, CLV_PLUGIN: plugin, CLV_ORDERS: orders } = process.env;
const { prototypes } = createRequire(import.meta.url)('libclv/declarations.js');
const samples = ['winback', 'buying_habits', 'lifecycle'].map((name) =>
  join(dirname(dirname(plugin)), name, `${name}.so`));
const NOW_MS = Date.parse('2025-01-01T00:00:00Z');
const NOW_US = NOW_MS * 1000;
const CLAIM = '{"ticket": "T1", "agent": "bob", "as_of": "2025-01-01T11:00Z"}';
// Other ways to what methods read; and what takes Arrow's structs, which is not wrapped.
const ELSEWHERE = ['clv_diag_clear', 'clv_diag_text', 'clv_result_number', 'clv_result_text', 'clv_arrow_batch',
  'clv_arrow_free', 'clv_arrow_import', 'clv_result_export'];

/** Loaded anew, and the names of the functions that are looked for from now on. */
function recorded() {
  const clv = load(path);
  const { fn } = clv.native.constructor.prototype;
  const called = new Set(['clv_abi']); // by load()
  clv.native.fn = (name) => called.add(name) && fn.call(clv.native, name);
  return { clv, called };
}

function threeOrders(cents = [1999, 500, 2450]) {
  return {
    customer: ['anna', 'björn', 'anna'],
    time: [0, 7, 14].map((days) => new Date(NOW_MS + days * 86_400_000)),
    amount: column.money(cents, 'EUR'),
    event_id: ['1', '2', '3'],
  };
}

const failure = (code) => (error) => error instanceof ClvError && error.code === code;
/** The main table of a job, which is closed: it holds plugins until then. */
function taken(job) {
  const table = job.table();
  job.close();
  return table;
}

const distinct = (table, name) => [...new Set(table.column(name))];

async function takeEvents(clv, engine) {
  await engine.ingest((await clv.csv({ path: orders, currency: 'EUR' })).table(), { source: 'shop' });
  await engine.ingest(threeOrders(), { source: 'desk' });
  const lane = await engine.ingestBatches([threeOrders()], { source: 'lane' });
  assert.deepEqual(lane.table().column('accepted'), [3]);
  const batch = { rows: threeOrders(), source: 'till' };
  const both = [{ ...batch, key: 'once' }, { ...batch, key: 'stream', sequence: 1 }];
  const group = (await engine.group(both)).table();
  assert.deepEqual([group.column('status'), group.column('accepted')], [[0, 0], [3, 0]]);
  assert.deepEqual((await engine.group([both[0]])).table().column('repeated'), [1]);
  assert.deepEqual([engine.sequence('stream'), engine.sequence('nobody')], [1, 0]);
  const ticket = { ticket: ['T1'], customer: ['anna'], time: [new Date(NOW_MS)], kind: ['created'] };
  await engine.record('ticket_events', ticket, { source: 'desk' });
  await engine.record('agents', { agent: ['bob'] }, { source: 'desk' });
  const applied = await engine.apply('desk_claim', { options_json: CLAIM }, { source: 'desk' });
  assert.deepEqual(applied.table('recorded').column('accepted'), [1]);
}

async function value(engine) {
  await engine.fit();
  const scores = (await engine.score({ flags: constants.CLV_SCORE_SUMMARIZE, margin: 0.3 })).table();
  const customers = scores.column('customer');
  assert.deepEqual((await engine.segment()).table().column('customer'), customers);
  const part = await engine.read('scores', { first: 10, count: 5 });
  assert.deepEqual(part.column('customer'), customers.slice(10, 15));
  assert.deepEqual((await engine.summarize(['björn', 'nobody'])).table().column('customer'), ['björn']);
  assert.ok((await engine.report('equity')).table().column('customer_equity')[0] > 0);
  return scores;
}

async function act(clv, engine, plugins, store) {
  const features = taken(await engine.features(plugins));
  assert.ok(features.names.includes('feature.overdue'));
  taken(await engine.segmentByPlugin(plugins, 'clv.lifecycle'));
  const proposed = distinct(taken(await engine.propose(plugins)), 'action');
  const flags = constants.CLV_DECIDE_NO_HOLDOUT;
  const decided = taken(await engine.decide(plugins, { flags, margin: 0.3 }));
  assert.ok(distinct(decided, 'action').every((action) => action === null || proposed.includes(action)));
  assert.deepEqual(distinct((await engine.replay()).table(), 'matches'), [1]);
  plugins.renew({ now_us: NOW_US + 1, seed: 8 });
  assert.equal(plugins.list().length, 3);
  plugins.takeLog();
  assert.deepEqual(clv.describe(plugin).column('id'), ['clv.winback']);
  const reader = clv.engine({ path: store, flags: constants.CLV_OPEN_READ_ONLY });
  const done = await reader.score({ margin: 0.4 });
  const answer = { key: 'score', body_hash: '4', bytes: Buffer.from('\0done'), now_us: NOW_US };
  await engine.adopt(done, { answer });
  const { made, ...kept } = engine.answer('score');
  assert.deepEqual([made, kept], [0, { body_hash: '4', bytes: Buffer.from('\0done'), now_us: NOW_US }]);
  await assert.rejects(engine.adopt(done, { answer }), failure('CLV_E_EXISTS'));
  for (const handle of [done, reader]) handle.close();
}

async function keepModels(clv, engine) {
  const first = engine.model();
  const answer = { key: 'add', bytes: "anna's" };
  assert.equal(engine.addModel(clv.model(first.json()), { answer }), '2');
  assert.deepEqual([engine.answer('add').made, engine.answer('add').bytes.toString()], [2, "anna's"]);
  const flags = constants.CLV_ALIAS_UNCHECKED;
  const etag = engine.setAlias('production', '1', { flags });
  const moved = engine.setAlias('production', '2', { flags, etag });
  assert.ok(engine.setAlias('production', null, { flags: constants.CLV_ALIAS_ROLLBACK, etag: moved }) > moved);
  engine.retireModel('2');
  assert.deepEqual((await engine.read('models')).column('retired'), [0, 1]);
  assert.equal(engine.model('production').json(), first.json());
  assert.ok(first.table().column('parameter').includes('alpha'));
  first.close();
}

async function keepHouse(engine, folder) {
  await engine.backup(join(folder, 'backup.clv'));
  assert.ok((await engine.export('anna')).table().column('name').includes('transactions'));
  assert.deepEqual((await engine.prune('ticket_events', NOW_US + 1)).table().column('rows'), [0]);
  await engine.forget('anna', { answer: { key: 'forget' } });
  assert.equal(engine.answer('forget').bytes.length, 0);
  assert.equal(engine.answer('add').bytes, null); // she was named in it
  assert.ok(!(await engine.read('transactions')).column('customer').includes('anna'));
}

async function workWithoutAStore(clv, folder) {
  const log = (await clv.csv({ path: orders, currency: 'EUR' })).table();
  const summary = (await clv.summarize(log)).table();
  const model = (await clv.fit(summary)).model();
  const scores = (await clv.score(model, summary, { margin: 0.3 })).table();
  await clv.segment(scores);
  const plugins = samples.reduce((set, sample) => set.load(sample, { now_us: NOW_US }), clv.plugins());
  await clv.features(plugins, scores);
  assert.equal((await clv.segmentByPlugin(plugins, 'clv.lifecycle', scores)).table().length, scores.length);
  const proposals = (await clv.propose(plugins, scores)).table();
  const facts = { customers: { customer: ['c000022'] } };
  const decided = (await clv.decide(model, scores, proposals, { facts })).table();
  assert.deepEqual(distinct((await clv.replay(decided)).table(), 'matches'), [1]);
  assert.equal((await clv.simulate(model, { customers: 10, seed: 1 })).table('truth').length, 10);
  assert.ok((await clv.report('equity', { inputs: { scores } })).table().column('customer_equity')[0] > 0);
  assert.ok(clv.catalogue('models').column('name').includes('bg_nbd'));
  assert.equal(clv.build.version, clv.version);
  const job = begin(clv, 'clv_summarize_begin', null, log);
  while (!(await job.step()));
  assert.equal(job.progress()[0], 1);
  job.cancel();
  job.table().writeCsv(join(folder, 'summary.csv'));
  assert.equal(job.table().fingerprint, summary.fingerprint);
  job.close();
  singleCustomer(clv, model);
}

function singleCustomer(clv, model) {
  const { fields } = clv.history().add(20_000, 1999).add(20_014, 500);
  const again = clv.history(JSON.parse(JSON.stringify(fields))).add(20_021, 700);
  const scorer = model.scorer({ margin: 0.3 });
  const { x, t_x, T, mean_spend, clv: worth } = scorer.history(again, 20_030);
  assert.deepEqual([x, t_x, T, mean_spend], [2, 3, 30 / 7, 6]);
  assert.equal(scorer.row({ x, t_x, T, mean_spend }).clv, worth);
  scorer.close();
  assert.throws(() => again.add(20_000, 1), failure('CLV_E_INVALID'));
  assert.throws(() => clv.history({ purchase: 1 }), /clv_history has no field 'purchase'/);
}

async function storeFiles(clv, folder) {
  const copy = join(folder, 'copy.clv');
  await clv.restore(join(folder, 'backup.clv'), copy);
  assert.deepEqual(distinct((await clv.check(copy)).table(), 'status'), ['ok']);
  await clv.migrate(copy);
  const engine = clv.engine({ path: copy });
  assert.ok((await engine.read('transactions')).column('customer').includes('anna')); // before she was forgotten
  engine.close();
}

test('every function of the library is reached by a method', async () => {
  const { clv, called } = recorded();
  const folder = mkdtempSync(join(tmpdir(), 'clv-'));
  const store = join(folder, 'shop.clv');
  try {
    const engine = clv.engine({ path: store });
    const plugins = samples.reduce((set, sample) => set.load(sample, { now_us: NOW_US }), clv.plugins());
    await takeEvents(clv, engine);
    const scores = await value(engine);
    await act(clv, engine, plugins, store);
    await keepModels(clv, engine);
    await keepHouse(engine, folder);
    for (const handle of [scores, plugins, engine]) handle.close();
    await workWithoutAStore(clv, folder);
    await storeFiles(clv, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const declared = prototypes.map((prototype) => /clv_\w+(?=\()/.exec(prototype)[0]);
  assert.ok(declared.length > 80);
  assert.deepEqual(declared.filter((name) => !called.has(name)).sort(), [...ELSEWHERE].sort());
});

test('the next verb works at once after one that failed, was cancelled or left', async () => {
  const clv = load(path);
  const engine = clv.engine();
  const source = 'shop';
  await engine.ingest(threeOrders(), { source });
  const model = clv.model(`{"format": "clv.model/1", "unit": "week", "currency": "EUR",
    "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
    "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}`);
  const many = (await clv.simulate(model, { customers: 30_000, seed: 1 })).table();
  const stored = async () => (await engine.read('transactions')).length;

  const failed = await engine.ingest(threeOrders([1, 2, 3]), { source }).catch((error) => error);
  assert.ok(failed instanceof ClvError && failed.job, failed);
  assert.equal(await stored(), 3);
  const stop = new AbortController();
  const stopping = engine.ingest(many, { source }, { signal: stop.signal, onProgress: () => stop.abort() });
  const cancelled = await stopping.catch((error) => error);
  assert.ok(failure('CLV_E_CANCELLED')(cancelled), cancelled);
  assert.equal(await stored(), 3);
  const onProgress = () => {
    throw new RangeError('enough');
  };
  const left = await engine.ingest(many, { source }, { onProgress }).catch((error) => error);
  assert.ok(left instanceof RangeError, left);
  assert.equal(await stored(), 3);
  const job = begin(clv, 'clv_engine_ingest_begin', engine, ['clv_ingest_options', { source }], many);
  assert.equal(await job.step(1), false);
  job.close();
  assert.equal(await stored(), 3);
  assert.ok(failed.job && cancelled.job); // they are alive still
});

/** Four tables, every other one libclv's own; in one of them a customer has no name. */
async function* lots(clv, wrong = -1) {
  for (let i = 0; i < 4; ++i) {
    const customer = [`c${i}`, i === wrong ? '' : `d${i}`, `e${i}`];
    const text = `customer,time,amount\n${customer.map((name) => `${name},2025-01-01,1\n`).join('')}`;
    const event_id = customer.map((name) => `id ${name}`);
    if (i % 2 === 0) yield { ...threeOrders(), customer, event_id };
    else yield (await clv.csv({ text, currency: 'EUR' })).table();
    globalThis.gc?.();
  }
}

test('the tables of a generator are taken one after another, all of them or none', async () => {
  const clv = load(path);
  const engine = clv.engine();
  const wrong = await engine.ingestBatches(lots(clv, 2)).catch((error) => error);
  assert.deepEqual([wrong.row, wrong.column], [7, 'customer']); // counted over all tables
  let ended = 0;
  const broken = function* broken() {
    yield threeOrders();
    throw new RangeError('the other database went away');
  };
  const mixed = function* mixed() {
    try {
      yield { customer: ['a', 1] };
    } finally {
      ++ended;
    }
  };
  await assert.rejects(engine.ingestBatches(broken()), /RangeError: the other database went away/);
  await assert.rejects(engine.ingestBatches(mixed()), /TypeError: column 'customer' holds values of/);
  assert.equal(ended, 1);
  const untidy = function* untidy() {
    try {
      yield { customer: ['a', 1] };
    } finally {
      throw new RangeError('nor does it end well');
    }
  };
  const untidyToo = async function* untidyToo() {
    yield* untidy();
  };
  for (const tables of [untidy(), untidyToo()]) {
    await assert.rejects(engine.ingestBatches(tables), /TypeError: column 'customer' holds values of/);
  }
  await assert.rejects(engine.ingestBatches(5), /an iterable of tables is needed/);
  const never = async function* never() {
    yield threeOrders();
    await new Promise(() => {});
  };
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(engine.ingestBatches(never(), {}, { signal: stop.signal }), failure('CLV_E_CANCELLED'));
  assert.deepEqual((await engine.ingestBatches(lots(clv))).table().column('accepted'), [12]);
  assert.equal((await engine.read('transactions')).length, 12);
});

test('an error of libclv that an iterable throws stays that of its own job, and the engine is let go', async () => {
  const clv = load(path);
  const engine = clv.engine();
  const text = 'customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n';
  const files = async function* files() {
    yield threeOrders();
    yield (await clv.csv({ text, currency: 'EUR' })).table();
  };
  const wrong = await engine.ingestBatches(files()).catch((error) => error);
  assert.ok(failure('CLV_E_DATA')(wrong), wrong);
  assert.deepEqual((await engine.ingest(threeOrders())).table().column('accepted'), [3]);
  assert.deepEqual(wrong.job.table('rejects').column('row'), [2]);
});

test('a long run of tables keeps nothing of those that were taken', async (t) => {
  if (!v8.queryObjects) return t.skip('this Node cannot count objects');
  const engine = load(path).engine();
  const alive = [];
  const many = async function* many() {
    for (let i = 0; i < 600; ++i) {
      if (i % 500 === 50) alive.push(v8.queryObjects(Promise, { format: 'count' }));
      yield { ...threeOrders(), event_id: ['1', '2', '3'].map((id) => `${id} of ${i}`) };
    }
  };
  await engine.ingestBatches(many());
  assert.ok(alive[1] - alive[0] < 100, `${alive} promises after 50 and 550 tables`);
});

test('an answer may have no bytes', async () => {
  const engine = load(path).engine();
  await engine.ingest(threeOrders());
  await engine.forget('anna', { answer: { key: 'once', bytes: null } });
  assert.equal(engine.answer('once').bytes.length, 0);
});

test('a text with a zero byte is refused and not cut off', async () => {
  const clv = load(path);
  const engine = clv.engine();
  const plugins = clv.plugins();
  const cut = [
    () => clv.catalogue('models\0'),
    () => clv.engine({ path: 'shop\0.clv' }),
    () => clv.describe('/plugin\0.so'),
    () => plugins.load('/plugin.so\0'),
    () => clv.catalogue('models').column('name\0'),
    () => clv.catalogue('models').writeCsv('/tmp/a\0b'),
    () => engine.model('1\0'),
    () => engine.sequence('key\0'),
    () => engine.score({ model: '1\0' }),
    () => engine.export('anna\0'),
    () => engine.record('agents\0', { agent: ['bob'] }),
    () => engine.summarize(['anna', 'b\0']),
    () => engine.ingest({ 'customer\0': ['a'] }),
    () => engine.report('equity', { inputs: { 'scores\0': threeOrders() } }),
    () => engine.forget('anna', { answer: { key: 'once\0' } }),
  ];
  for (const call of cut) {
    const refused = await (async () => call())().catch((error) => error);
    assert.match(String(refused), /TypeError: a text for libclv has a zero byte in it/, String(call));
  }
});
