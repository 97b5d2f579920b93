// The declarations for TypeScript say what is there, all of it; and programs are checked against them where a
// TypeScript compiler is. node --test types_test.mjs, with CLV_LIBRARY and CLV_PLUGIN
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import * as exported from 'libclv';

const { CLV_LIBRARY: path } = process.env;
const require = createRequire(import.meta.url);
const text = readFileSync(join(dirname(require.resolve('libclv')), 'index.d.ts'), 'utf8');
const inherited = ['native', 'pointer', 'close'];

/** Names of the members that an interface or class is declared with. */
function declared(name) {
  const body = new RegExp(`(?:interface|class) ${name} .*?\\{\\n(.*?)\\n\\}`, 's').exec(text);
  assert.ok(body, `index.d.ts declares no ${name}`);
  return [...body[1].matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, member]) => member);
}

/** Names of the members that an object of the binding has for its users. */
function present(object) {
  const own = Object.keys(object).filter((name) => name !== 'kept'); // of a job: what it needs
  const prototype = Object.getPrototypeOf(object);
  return [...new Set([...own, ...Object.getOwnPropertyNames(prototype)])].filter((name) => name !== 'constructor');
}

test('what the package exports is declared, and nothing else', () => {
  const values = [...text.matchAll(/^export declare (?:const|function|class) (\w+)/gm)].map(([, name]) => name);
  const names = Object.keys(exported).filter((name) => name !== 'default' && name !== 'module.exports');
  assert.deepEqual(values.sort(), names.sort());
});

test('every member of every object is declared, and nothing else', async () => {
  const clv = exported.load(path);
  const model = clv.model(`{"format": "clv.model/1", "unit": "week",
    "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}}}`);
  const job = await clv.csv({ text: 'customer,n\na,1\n', schema: 'any' });
  const objects = { Engine: clv.engine(), History: clv.history(), Job: job, Library: clv, Model: model,
    Native: clv.native, Plugins: clv.plugins(), Scorer: model.scorer(), Table: job.table() };
  for (const [name, object] of Object.entries(objects)) {
    const has = present(object).filter((member) => name === 'Library' || !inherited.includes(member));
    assert.deepEqual(declared(name).sort(), has.sort(), name);
  }
  assert.deepEqual(declared('Handle').sort(), [...inherited].sort());
  assert.equal(typeof objects.Engine[Symbol.dispose], 'function');
  assert.match(text, /interface Handle \{[^}]*\n {2}\[Symbol\.dispose\]\(\): void;/);
});

test('the constants are declared with their values', () => {
  const declarations = readFileSync(join(dirname(require.resolve('libclv')), 'declarations.d.ts'), 'utf8');
  const constants = [...declarations.matchAll(/^ {2}readonly (CLV_\w+): (.*);$/gm)];
  const read = Object.fromEntries(constants.map(([, name, value]) => [name, value]));
  const had = Object.entries(exported.constants).map(([name, value]) => [name, JSON.stringify(value).replaceAll('"', "'")]);
  assert.deepEqual(read, Object.fromEntries(had));
});

const RIGHT = `
import { ClvError, begin, column, constants, load } from 'libclv';
async function main(): Promise<number> {
  const clv = load();
  const log = (await clv.csv({ path: 'orders.csv', currency: 'EUR' })).table();
  const engine = clv.engine({ path: 'shop.clv', flags: constants.CLV_OPEN_ANY_AGE });
  await engine.ingest(log, { source: 'shop' }, { onProgress: (fraction, phase) => console.log(phase, fraction) });
  await engine.ingestBatches(async function* () { yield log; }());
  await engine.record('agents', { agent: ['bob', null] });
  await engine.group([{ rows: { customer: ['a'], amount: column.money([5], 'EUR') }, key: 'k', sequence: 1 }]);
  const { clv: worth } = engine.model().scorer({ margin: 0.3 }).row({ x: 3, t_x: 20, T: 30 });
  await engine.forget('anna', { answer: { key: 'once', bytes: Uint8Array.of(1) } });
  await engine.forget('bob', { answer: { key: 'twice', bytes: null } });
  const etag: number = engine.setAlias('production', '1', { etag: 0 });
  const job = begin(clv, 'clv_engine_replay_begin', engine, null);
  try {
    await job.step(5);
  } catch (error) {
    if (error instanceof ClvError) console.log(error.code, error.row, error.job?.table('rejects').length);
  }
  for (const row of await engine.read('scores', { first: 0, count: 10 })) console.log(row.customer, etag);
  engine[Symbol.dispose]();
  return worth;
}
main();
`;
const USING = `
import { begin, load } from 'libclv';
const clv = load();
using engine = clv.engine();
using job = begin(clv, 'clv_engine_replay_begin', engine, null);
while (!(await job.step()));
`;
const WRONG = [
  "clv.engine({ pth: 'x' });",
  "clv.csv({ path: 5 });",
  "clv.engine().read('scores').column('clv');",
  "clv.engine().scores();",
  "clv.model('{}').scorer().row({ x: 3 });",
];

test('a TypeScript compiler takes what is right and refuses what is wrong', (t) => {
  const tsc = spawnSync('tsc', ['--version'], { encoding: 'utf8' });
  if (tsc.error || tsc.status !== 0) return t.skip('tsc is not installed');
  const here = dirname(fileURLToPath(import.meta.url));
  const complaints = (name, program) => {
    writeFileSync(join(here, name), program);
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16', '--moduleResolution', 'node16'];
    return spawnSync('tsc', [...flags, name], { cwd: here, encoding: 'utf8' }).stdout;
  };
  assert.equal(complaints('right.mts', RIGHT), '');
  const [major, minor] = /\d+\.\d+/.exec(tsc.stdout)[0].split('.').map(Number);
  if (major > 5 || (major === 5 && minor >= 2)) assert.equal(complaints('using.mts', USING), '');
  const program = ["import { load } from 'libclv';", 'const clv = load();', ...WRONG].join('\n');
  const lines = [...complaints('wrong.mts', program).matchAll(/wrong\.mts\((\d+),\d+\): error/g)];
  assert.deepEqual([...new Set(lines.map(([, line]) => Number(line)))], WRONG.map((_, i) => i + 3));
});
