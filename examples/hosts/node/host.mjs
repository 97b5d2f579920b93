// The host job of ../README.md in Node: node host.mjs LIBRARY PLUGIN ORDERS
import { ClvError, column, constants, load } from 'libclv';

const MIDNIGHT = Date.parse('2025-01-01T00:00:00Z');
const NOW_US = MIDNIGHT * 1000;
const DAY_MS = 86_400_000;
const value = { margin: 0.3, annual_discount: 0.1 };
const six = (number) => number.toFixed(6);
const print = (...words) => console.log(words.join(' '));

async function main(library, plugin, orders) {
  const clv = load(library);
  print('abi', clv.abi.join('.'));

  // A log in, the value of each customer out.
  const log = (await clv.csv({ path: orders, currency: 'EUR' })).table();
  print('read', log.length, 'transactions');
  const engine = clv.engine();
  const [taken] = (await engine.ingest(log, { source: 'shop', currency: 'EUR' })).table();
  print('ingested', taken.accepted, 'accepted', taken.duplicates, 'duplicates');
  for (const row of (await engine.fit({ model: 'bg_nbd+gamma_gamma' })).table()) {
    print('parameter', row.model, row.parameter, six(row.value));
  }
  const scores = (await engine.score(value)).table();
  print('scores', scores.length, scores.fingerprint);
  print('value', six(scores.column('clv').reduce((sum, one) => sum + one, 0)));

  // Groups, and what to do: the plugin proposes, libclv decides within 5 cents.
  for (const row of (await engine.segment({ scheme: 'value_tier' })).table('profile')) {
    print('segment', row.segment, row.customers);
  }
  const plugins = clv.plugins().load(plugin, { now_us: NOW_US, seed: 7 });
  const decided = await engine.decide(plugins, {
    flags: constants.CLV_DECIDE_HAS_BUDGET | constants.CLV_DECIDE_NO_HOLDOUT,
    budget_minor: 5,
    margin: 0.3,
    now_us: NOW_US,
  });
  for (const row of decided.table()) {
    if (row.action !== null) print('decision', row.customer, row.action, six(row.net));
  }

  // One customer while a page is shown, from what the page knows.
  const score = engine.model().scorer(value).row({ x: 3, t_x: 20, T: 30, mean_spend: 25 });
  print('customer', six(score.p_alive), six(score.clv));

  // The host's own arrays, without an engine: text, times, money.
  const columns = {
    customer: ['anna', 'björn', 'anna'],
    time: [0, 7, 14].map((days) => new Date(MIDNIGHT + days * DAY_MS)),
    amount: column.money([1999, 500, 2450], 'EUR'),
  };
  const summary = (await clv.summarize(columns)).table();
  for (const row of summary) {
    const numbers = [row.x, row.t_x, row.T, row.mean_spend].map(six);
    print('summary', row.customer, ...numbers, row.revenue, summary.info('revenue').unit);
  }
  try {
    await clv.summarize({ ...columns, customer: ['anna', '', 'anna'] });
  } catch (wrong) {
    if (!(wrong instanceof ClvError)) throw wrong;
    print('refused', wrong.row, wrong.column, wrong.code, wrong.message);
  }
}

await main(...process.argv.slice(2));
