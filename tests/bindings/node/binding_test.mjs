// The binding for Node: node --test binding_test.mjs, with CLV_LIBRARY and CLV_PLUGIN
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import { ClvError, begin, column, constants, load } from 'libclv';

const { CLV_LIBRARY: path, CLV_PLUGIN: plugin } = process.env;
const clv = load(path);
const model = clv.model(`{"format": "clv.model/1", "unit": "week", "currency": "EUR",
  "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
  "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}`);
const DAY_US = 86_400_000_000;

function orders(customers, cents = 500) {
  return {
    customer: customers,
    time: column.times(customers.map((_, i) => (20_000 + i) * DAY_US)),
    amount: column.money(customers.map(() => cents), 'EUR'),
    event_id: customers.map((_, i) => `e${i}`),
  };
}

const failure = (expected) => (error) => {
  assert.ok(error instanceof ClvError, error);
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value);
  return true;
};

test('a failure says status, row, column, sentence', async () => {
  const message = "row 2, column 'customer': is empty";
  await assert.rejects(clv.summarize(orders(['anna', '', 'anna'])),
    failure({ status: -7, code: 'CLV_E_DATA', row: 1, column: 'customer', message }));
  assert.throws(() => clv.catalogue('nonsense'), failure({ code: 'CLV_E_NOT_FOUND', row: null, column: null }));
  await assert.rejects(clv.csv({ path: '/nowhere.csv' }), failure({ code: 'CLV_E_IO' }));
});

test('null where a table or a handle belongs is a failure, not a crash', () => {
  const fn = (name) => clv.native.fn(name);
  assert.equal(fn('clv_job_step')(null, 0, null), constants.CLV_E_INVALID);
  assert.equal(fn('clv_summarize_begin')(null, null, null, null), constants.CLV_E_INVALID);
  assert.equal(fn('clv_diag_count')(null), 0);
  fn('clv_result_free')(null);
  assert.throws(() => begin(clv, 'clv_engine_score_begin', null, null), failure({ code: 'CLV_E_INVALID' }));
});

test('options are checked by name and never ignored', () => {
  assert.throws(() => clv.engine({ pth: 'x' }), /clv_engine_options has no field 'pth'/);
  assert.throws(() => clv.engine({ flags: 1 << 30 }), failure({ code: 'CLV_E_UNSUPPORTED' }));
});

test('text with umlauts, beyond the BMP and with quotes comes back as it went in', async () => {
  const names = ['Jürgen Größe', '東京', '🎉', 'a"b,c\n'];
  const summary = (await clv.summarize(orders(names))).table();
  assert.deepEqual(summary.column('customer').sort(), [...names].sort());
  assert.equal(clv.catalogue('models').column('source').length, clv.catalogue('models').length);
});

test('absent values go in and come out as null', async () => {
  const summary = { customer: ['a', 'b', 'c'], x: [2, 0, 1], t_x: [5, 0, 2.5], T: [10, 10, 9] };
  const given = (await clv.score(model, { ...summary, mean_spend: [20, null, 30] })).table();
  const undefinedToo = (await clv.score(model, { ...summary, mean_spend: [20, undefined, 30] })).table();
  assert.equal(given.fingerprint, undefinedToo.fingerprint);
  const table = (await clv.csv({ text: 'customer,note,n\na,,1\nb,x,\n', schema: 'any' })).table();
  assert.deepEqual([...table], [{ customer: 'a', note: null, n: 1 }, { customer: 'b', note: 'x', n: null }]);
  assert.equal(table.info('note').absent, 1);
});

test('types of columns are guessed, and mixed ones refused with row and column', async () => {
  const amount = column.money([1, 2.5], 'EUR');
  await assert.rejects(clv.summarize({ amount }), /row 2, column 'amount': a whole number is needed, not number 2.5/);
  await assert.rejects(clv.summarize({ customer: ['a', 1] }), /column 'customer' holds values of string and number/);
  await assert.rejects(clv.summarize({ a: [1], b: [1, 2] }), /column 'b' has 2 rows, the first has 1/);
  const typed = { x: Float64Array.of(2, 0), t_x: Float64Array.of(5, 0), T: Float64Array.of(10, 10) };
  const arrays = { x: [2, 0], t_x: [5, 0], T: [10, 10] };
  const [one, other] = await Promise.all([typed, arrays].map((summary) => clv.score(model, summary)));
  assert.equal(one.table().fingerprint, other.table().fingerprint);
});

test('integers are exact, and beyond 2^53 only typed() gives them', async () => {
  const summary = (await clv.summarize(orders(['anna'], 1_234_567_890_123))).table();
  assert.deepEqual(summary.column('revenue'), [1_234_567_890_123]);
  assert.deepEqual(summary.typed('revenue').values, BigInt64Array.of(1_234_567_890_123n));
  assert.throws(() => summary.column('nonsense'), /no column 'nonsense'; it has customer, /);
});

test('a job steps off the main thread, says how far it is and can be cancelled', async () => {
  const many = { customers: 2_000_000, seed: 1 };
  const stop = new AbortController();
  const seen = [];
  const onProgress = (fraction, phase) => {
    seen.push(fraction);
    assert.ok(phase.length > 0);
    if (seen.length === 2) stop.abort();
  };
  let ticks = 0;
  const ticking = setInterval(() => ++ticks, 10);
  const cancelled = failure({ code: 'CLV_E_CANCELLED' });
  await assert.rejects(clv.simulate(model, many, { signal: stop.signal, onProgress }), cancelled);
  clearInterval(ticking);
  assert.equal(seen.length, 2);
  assert.ok(ticks > 0, `the event loop turned ${ticks} times`);
  await assert.rejects(clv.simulate(model, many, { signal: AbortSignal.abort() }), cancelled);
});

test('a job at work is not freed under its thread', async () => {
  const job = begin(clv, 'clv_simulate_begin', ['clv_simulate_options', { customers: 2_000_000, seed: 1 }], model);
  const running = job.step();
  assert.throws(() => job.close(), /at work/);
  await assert.rejects(job.step(), /at work/);
  await running;
  job.close();
  await assert.rejects(job.step(), /was closed/);
});

test('the process may exit while a step is at work', async () => {
  const work = `
    import { load } from 'libclv';
    const clv = load(${JSON.stringify(path)});
    clv.simulate(clv.model(${JSON.stringify(model.json())}), { customers: 20_000_000, seed: 1 });
    setTimeout(() => process.exit(3), 75);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', work], { stdio: 'inherit' });
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

test('two engines have nothing in common, and one does one thing at a time', async () => {
  const [one, two] = [clv.engine(), clv.engine()];
  const source = 's';
  await Promise.all([one.ingest(orders(['anna', 'björn']), { source }), two.ingest(orders(['carla']), { source })]);
  assert.deepEqual((await one.read('transactions')).column('customer'), ['anna', 'björn']);
  assert.deepEqual((await two.read('transactions')).column('customer'), ['carla']);
  assert.equal((await one.export('anna')).table('transactions').length, 1);
  await one.forget('anna');
  assert.deepEqual((await one.read('transactions')).column('customer'), ['björn']);
  await assert.rejects(two.score(), failure({ code: 'CLV_E_STATE' }));
  const open = begin(clv, 'clv_engine_ingest_begin', two, ['clv_ingest_options', {}], orders(['d']));
  await assert.rejects(two.replay(), failure({ code: 'CLV_E_CONFLICT' }));
  open.close();
  two.close();
  two.close();
  await assert.rejects(two.read('transactions'), /Engine was closed/);
});

test('a rejected file keeps the rows that were wrong', async () => {
  const text = 'customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n';
  const wrong = await clv.csv({ text, currency: 'EUR' }).catch((error) => error);
  assert.equal(wrong.code, 'CLV_E_DATA');
  assert.deepEqual(wrong.job.table('rejects').column('row'), [2]);
});

test('plugins load once, list themselves, and facts are tables by name', async () => {
  const plugins = clv.plugins().load(plugin, { now_us: 20_000 * DAY_US });
  assert.deepEqual(plugins.list().column('path'), [plugin]);
  assert.throws(() => plugins.load(plugin), failure({ code: 'CLV_E_EXISTS' }));
  assert.throws(() => plugins.load('relative.so'), failure({ code: 'CLV_E_INVALID' }));
  const summary = { customer: ['a', 'b'], x: [3, 0], t_x: [5, 0], T: [30, 10], mean_spend: [20, null] };
  const scores = (await clv.score(model, summary)).table();
  const proposals = (await clv.propose(plugins, scores)).table();
  const consent = { customer: ['a'], channel: ['email'], time: column.times([0]), granted: column.integers([1n]) };
  const decided = (await clv.decide(model, scores, proposals, { facts: { consent } })).table();
  assert.deepEqual(decided.column('customer'), ['a', 'b']);
  await assert.rejects(clv.report('backtest', { inputs: { nonsense: consent } }), ClvError);
});

test('feature and segmentation plugins answer by their ids', async () => {
  const sample = (name) => join(dirname(dirname(plugin)), name, `${name}.so`);
  const plugins = clv.plugins().load(sample('lifecycle')).load(sample('buying_habits'));
  assert.deepEqual(plugins.list().column('id'), ['clv.lifecycle', 'clv.buying_habits']);
  assert.equal(plugins.takeLog().length, 0);
  const engine = clv.engine();
  await engine.ingest(orders(['anna', 'björn', 'anna']), { source: 's' });
  await engine.fit();
  await engine.score();
  const features = (await clv.features(plugins, await engine.read('candidates'))).table();
  assert.deepEqual(features.column('customer'), ['anna', 'björn']);
  assert.match(features.names[1], /^feature\./);
  const profile = (await engine.segmentByPlugin(plugins, 'clv.lifecycle')).table('profile');
  assert.equal(profile.column('customers').reduce((sum, n) => sum + n), 2);
  await assert.rejects(engine.segmentByPlugin(plugins, 'clv.buying_habits'), failure({ code: 'CLV_E_PLUGIN' }));
});

test('each worker thread loads it and has engines of its own', async () => {
  const work = `
    const { load } = require('libclv');
    const { parentPort, workerData } = require('node:worker_threads');
    const clv = load(workerData);
    clv.csv({ text: 'customer,n\\na,1\\n', schema: 'any' }).then((job) => parentPort.postMessage(job.table().length));`;
  const rows = await Promise.all([1, 2, 3].map(() => new Promise((done, failed) => {
    new Worker(work, { eval: true, workerData: path }).once('message', done).once('error', failed);
  })));
  assert.deepEqual(rows, [1, 1, 1]);
});

test('a model is the same after JSON, and a row scores as the table does', async () => {
  assert.equal(clv.model(model.json()).json(), model.json());
  const scores = (await clv.score(model, { x: [3], t_x: [5], T: [30], mean_spend: [20] })).table();
  const row = model.scorer().row({ x: 3, t_x: 5, T: 30, mean_spend: 20 });
  assert.equal(row.clv, scores.column('clv')[0]);
  assert.throws(() => model.scorer().row({ x: 3, t_x: 40, T: 30 }), failure({ code: 'CLV_E_NUMERIC', column: 't_x' }));
  assert.equal(model.scorer().row({ x: 3, t_x: 5, T: 30 }).p_alive, row.p_alive);
});

test('what nobody holds any more is freed, and what was closed is not freed again', async () => {
  const own = load(path);
  const { fn } = own.native.constructor.prototype;
  let freed = 0;
  own.native.fn = (name) => {
    if (name === 'clv_result_free') ++freed;
    return fn.call(own.native, name);
  };
  for (let i = 0; i < 100; ++i) own.catalogue('models');
  for (let i = 0; i < 10; ++i) own.catalogue('models').close();
  const collected = async () => {
    globalThis.gc();
    await new Promise((done) => setTimeout(done, 10));
  };
  for (let i = 0; i < 100 && freed < 110; ++i) await collected();
  await collected();
  assert.equal(freed, 110);
});
