<?php
// Every verb of the library has a method; and what a verb leaves behind: php verbs_test.php LIBRARY PLUGIN
declare(strict_types=1);

require __DIR__ . '/support.php';

use Clv\Column;
use Clv\Constants;
use Clv\Engine;
use Clv\Failure;
use Clv\Library;
use Clv\Model;
use Clv\Plugins;

const BINDING = __DIR__ . '/../../../abi/bindings/php';
const ORDERS = __DIR__ . '/../../../examples/hosts/orders.csv';
const NOW_US = 1_735_689_600_000_000;
const CLAIM = '{"ticket": "T1", "agent": "bob", "as_of": "2025-01-01T11:00Z"}';
// Other ways to what methods read; and what takes Arrow's structs, which is not wrapped.
const ELSEWHERE = ['clv_diag_clear', 'clv_diag_text', 'clv_result_number', 'clv_result_text', 'clv_result_column',
    'clv_result_columns', 'clv_result_read', 'clv_arrow_batch', 'clv_arrow_free', 'clv_arrow_import',
    'clv_result_export'];

[, $path, $plugin] = $argv;
$clv = Library::load($path);

function threeOrders(array $cents = [1999, 500, 2450]): array
{
    return [
        'customer' => ['anna', 'björn', 'anna'],
        'time' => Column::times(array_map(fn (int $days) => NOW_US + $days * 86_400_000_000, [0, 7, 14])),
        'amount' => Column::money($cents, 'EUR'),
        'event_id' => ['1', '2', '3'],
    ];
}

function loaded(Library $clv, string $plugin): Plugins
{
    $plugins = $clv->plugins();
    foreach (['winback', 'buying_habits', 'lifecycle'] as $name) {
        $plugins->load(dirname($plugin, 2) . "/$name/$name.so", ['now_us' => NOW_US]);
    }
    return $plugins;
}

function takeEvents(Library $clv, Engine $engine): void
{
    $engine->ingest($clv->csv(['path' => ORDERS, 'currency' => 'EUR'])->table(), ['source' => 'shop']);
    $engine->ingest(threeOrders(), ['source' => 'desk']);
    same(3, (int) $engine->ingestBatches([threeOrders()], ['source' => 'lane'])->table()->value('accepted', 0));
    $batch = ['rows' => threeOrders(), 'source' => 'till'];
    $once = ['key' => 'once'] + $batch;
    $taken = $engine->group([$once, ['key' => 'stream', 'sequence' => 1] + $batch])->table();
    same([[0, 0], [3, 0]], [array_map(intval(...), $taken->column('status')),
        array_map(intval(...), $taken->column('accepted'))]);
    same([1], array_map(intval(...), $engine->group([$once])->table()->column('repeated')));
    same([1, 0], [$engine->sequence('stream'), $engine->sequence('nobody')]);
    $ticket = ['ticket' => ['T1'], 'customer' => ['anna'], 'time' => Column::times([NOW_US]), 'kind' => ['created']];
    $engine->record('ticket_events', $ticket, ['source' => 'desk']);
    $engine->record('agents', ['agent' => ['bob']], ['source' => 'desk']);
    $applied = $engine->apply('desk_claim', [], CLAIM, ['source' => 'desk']);
    same(1, (int) $applied->table('recorded')->value('accepted', 0));
}

function value(Engine $engine): void
{
    $engine->fit();
    $scores = $engine->score(['flags' => Constants::CLV_SCORE_SUMMARIZE, 'margin' => 0.3])->table();
    $customers = $scores->column('customer');
    same($customers, $engine->segment()->table()->column('customer'));
    same(array_slice($customers, 10, 5), $engine->read('scores', 10, 5)->column('customer'));
    same(['björn'], $engine->summarize(['björn', 'nobody'])->table()->column('customer'));
    same(true, $engine->report('equity')->table()->value('customer_equity', 0) > 0);
}

function act(Library $clv, Engine $engine, string $plugin, string $store): void
{
    $plugins = loaded($clv, $plugin);
    same(true, in_array('feature.overdue', $engine->features($plugins)->table()->names(), true));
    $engine->segmentByPlugin($plugins, 'clv.lifecycle');
    $proposed = $engine->propose($plugins)->table()->column('action');
    $flags = Constants::CLV_DECIDE_NO_HOLDOUT;
    $decided = $engine->decide($plugins, ['flags' => $flags, 'margin' => 0.3])->table()->column('action');
    same([], array_diff(array_filter($decided), $proposed));
    same([1], array_values(array_unique(array_map(intval(...), $engine->replay()->table()->column('matches')))));
    same(3, count($plugins->renew(NOW_US + 1, 8)->list()));
    $plugins->takeLog();
    same('clv.winback', $clv->describe($plugin)->value('id', 0));
    $reader = $clv->engine(['path' => $store, 'flags' => Constants::CLV_OPEN_READ_ONLY]);
    $done = $reader->score(['margin' => 0.4]);
    $answer = ['key' => 'score', 'body_hash' => '4', 'bytes' => "\0done", 'now_us' => NOW_US];
    $engine->adopt($done, $answer);
    same(['body_hash' => '4', 'bytes' => "\0done", 'now_us' => NOW_US, 'made' => 0], $engine->answer('score'));
    same('CLV_E_EXISTS', thrown(Failure::class, fn () => $engine->adopt($done, $answer))->name);
}

function keepModels(Library $clv, Engine $engine): void
{
    $first = $engine->model();
    same('2', $engine->addModel($clv->model($first->json()), 0, ['key' => 'add', 'bytes' => "anna's"]));
    same([2, "anna's"], [$engine->answer('add')['made'], $engine->answer('add')['bytes']]);
    $unchecked = ['flags' => Constants::CLV_ALIAS_UNCHECKED];
    $etag = $engine->setAlias('production', '1', $unchecked);
    $moved = $engine->setAlias('production', '2', ['etag' => $etag] + $unchecked);
    $back = ['flags' => Constants::CLV_ALIAS_ROLLBACK, 'etag' => $moved];
    same(true, $engine->setAlias('production', null, $back) > $moved);
    $engine->retireModel('2');
    same([0, 1], array_map(intval(...), $engine->read('models')->column('retired')));
    same($first->json(), $engine->model('production')->json());
    same(true, in_array('alpha', $first->table()->column('parameter'), true));
}

function keepHouse(Engine $engine, string $folder): void
{
    $engine->backup("$folder/backup.clv");
    same(true, in_array('transactions', $engine->export('anna')->table()->column('name'), true));
    same(0, (int) $engine->prune('ticket_events', NOW_US + 1)->table()->value('rows', 0));
    $engine->forget('anna', ['key' => 'forget']);
    same('', $engine->answer('forget')['bytes']);
    same(null, $engine->answer('add')['bytes']); // she was named in it
    same(false, in_array('anna', $engine->read('transactions')->column('customer'), true));
}

function withoutAStore(Library $clv, string $plugin, string $folder): void
{
    $log = $clv->csv(['text' => file_get_contents(ORDERS), 'currency' => 'EUR'])->table();
    $summary = $clv->summarize($log)->table();
    $model = $clv->fit($summary)->model();
    $scores = $clv->score($model, $summary, ['margin' => 0.3])->table();
    same(count($scores), count($clv->segment($scores)->table()));
    $plugins = loaded($clv, $plugin);
    same(count($scores), count($clv->features($plugins, $scores)->table()));
    same(count($scores), count($clv->segmentByPlugin($plugins, 'clv.lifecycle', $scores)->table()));
    $facts = ['customers' => ['customer' => ['c000022']]];
    $decided = $clv->decide($model, $scores, $clv->propose($plugins, $scores)->table(), ['facts' => $facts])->table();
    same(count($decided), (int) array_sum($clv->replay($decided)->table()->column('matches')));
    same(10, count($clv->simulate($model, ['customers' => 10, 'seed' => 1])->table('truth')));
    same(true, $clv->report('equity', ['scores' => $scores])->table()->value('customer_equity', 0) > 0);
    same(true, in_array('bg_nbd', $clv->catalogue('models')->column('name'), true));
    same($clv->version(), $clv->build()['version']);
    $summary->writeCsv("$folder/summary.csv");
    singleCustomer($clv, $model);
}

function singleCustomer(Library $clv, Model $model): void
{
    $kept = json_decode(json_encode($clv->history()->add(20_000, 1999)->add(20_014, 500)->fields()), true);
    $history = $clv->history($kept)->add(20_021, 700);
    $scorer = $model->scorer(['margin' => 0.3]);
    $score = $scorer->history($history, 20_030);
    same([2.0, 3.0, 30 / 7, 6.0], [$score['x'], $score['t_x'], $score['T'], $score['mean_spend']]);
    same($score['clv'], $scorer->row(2, 3, 30 / 7, 6)['clv']);
    same('CLV_E_INVALID', thrown(Failure::class, fn () => $history->add(20_000, 1))->name);
}

function storeFiles(Library $clv, string $folder): void
{
    $clv->restore("$folder/backup.clv", "$folder/copy.clv");
    same(['ok'], array_values(array_unique($clv->check("$folder/copy.clv")->table()->column('status'))));
    $clv->migrate("$folder/copy.clv");
    $restored = $clv->engine(['path' => "$folder/copy.clv"])->read('transactions');
    same(true, in_array('anna', $restored->column('customer'), true)); // as before she was forgotten
}

/** @return list<string> functions that the binding's source calls */
function mentioned(): array
{
    $source = implode('', array_map(file_get_contents(...), glob(BINDING . '/src/*.php')));
    preg_match_all('/clv_\w+/', $source, $names);
    preg_match_all('/->run\(\s*\'(\w+)\'/', file_get_contents(BINDING . '/src/Engine.php'), $verbs);
    return [...$names[0], ...array_map(fn (string $verb) => "clv_engine_{$verb}_begin", $verbs[1])];
}

$tests = [
    'every function of the library is called by a method' => function () {
        preg_match_all('/\b(clv_\w+)\(/', file_get_contents(BINDING . '/clv_scope.h'), $declared);
        same(true, count($declared[1]) > 80);
        $missing = array_diff($declared[1], mentioned());
        same([], array_values(array_diff($missing, ELSEWHERE)));
    },
    'every verb works on a store and without one' => function () use ($clv, $plugin) {
        $folder = sys_get_temp_dir() . '/clv-' . bin2hex(random_bytes(6));
        mkdir($folder);
        try {
            $engine = $clv->engine(['path' => "$folder/shop.clv"]);
            takeEvents($clv, $engine);
            value($engine);
            act($clv, $engine, $plugin, "$folder/shop.clv");
            keepModels($clv, $engine);
            keepHouse($engine, $folder);
            $engine->close();
            withoutAStore($clv, $plugin, $folder);
            storeFiles($clv, $folder);
        } finally {
            array_map(unlink(...), glob("$folder/*"));
            rmdir($folder);
        }
    },
    'the next verb works at once after one that failed, was cancelled or left' => function () use ($clv) {
        $model = $clv->model('{"format": "clv.model/1", "unit": "week", "currency": "EUR",
            "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
            "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}');
        $many = $clv->simulate($model, ['customers' => 30_000, 'seed' => 1])->table();
        $engine = $clv->engine();
        $from = ['source' => 'shop'];
        $engine->ingest(threeOrders(), $from);
        $failed = thrown(Failure::class, fn () => $engine->ingest(threeOrders([1, 2, 3]), $from));
        same(3, count($engine->read('transactions')));
        $clv->watch = fn () => false;
        $cancelled = thrown(Failure::class, fn () => $engine->ingest($many, $from));
        $clv->watch = null;
        same(3, count($engine->read('transactions')));
        $left = $clv->begin('clv_engine_ingest_begin', $engine, ['clv_ingest_options', $from], $many);
        thrown(DomainException::class, fn () => $left->run(fn () => throw new DomainException('enough')));
        same(3, count($engine->read('transactions')));
        same(['CLV_E_CANCELLED', true], [$cancelled->name, isset($failed->job, $cancelled->job, $left)]);
        $job = $clv->begin('clv_engine_ingest_begin', $engine, ['clv_ingest_options', $from], $many);
        same(false, $job->step(1));
        $job->close();
        same(3, count($engine->read('transactions')));
    },
    'the tables of a generator are taken one after another, all of them or none' => function () use ($clv) {
        $lots = function (int $wrong = -1): Generator {
            foreach (range(0, 3) as $i) {
                $rows = ['customer' => ["c$i", $i === $wrong ? '' : "d$i", "e$i"], 'event_id' => ["1$i", "2$i", "3$i"]];
                yield $i % 2 === 0 ? $rows + threeOrders() : $GLOBALS['clv']->csv(['schema' => 'transactions',
                    'text' => "customer,time,amount\n" . implode("\n", array_map(fn ($c) => "$c,2025-01-01,1", $rows['customer'])),
                    'currency' => 'EUR'])->table();
            }
        };
        $engine = $clv->engine();
        $wrong = thrown(Failure::class, fn () => $engine->ingestBatches($lots(2)));
        same([7, 'customer'], [$wrong->row, $wrong->column]); // counted over all tables
        $broken = function (): Generator {
            yield threeOrders();
            throw new DomainException('the other database went away');
        };
        thrown(DomainException::class, fn () => $engine->ingestBatches($broken()));
        thrown(TypeError::class, fn () => $engine->ingestBatches([threeOrders(), 'no table']));
        gc_collect_cycles();
        same(12, (int) $engine->ingestBatches($lots())->table()->value('accepted', 0));
        same(12, count($engine->read('transactions')));
    },
    'a failure that a generator throws stays that of its own job, and the engine is let go' => function () use ($clv) {
        $files = function () use ($clv): Generator {
            yield threeOrders();
            $text = "customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n";
            yield $clv->csv(['text' => $text, 'currency' => 'EUR'])->table();
        };
        $engine = $clv->engine();
        $wrong = thrown(Failure::class, fn () => $engine->ingestBatches($files()));
        same('CLV_E_DATA', $wrong->name);
        same(3, (int) $engine->ingest(threeOrders())->table()->value('accepted', 0));
        same(2, (int) $wrong->job->table('rejects')->value('row', 0));
    },
    'an answer may have no bytes' => function () use ($clv) {
        $engine = $clv->engine();
        $engine->ingest(threeOrders());
        $engine->forget('anna', ['key' => 'once', 'bytes' => null]);
        same('', $engine->answer('once')['bytes']);
    },
    'a text with a zero byte is refused and not cut off' => function () use ($clv) {
        [$engine, $models, $plugins] = [$clv->engine(), $clv->catalogue('models'), $clv->plugins()];
        foreach ([
            fn () => $clv->catalogue("models\0"),
            fn () => $clv->engine(['path' => "shop\0.clv"]),
            fn () => $clv->describe("/plugin\0.so"),
            fn () => $plugins->load("/plugin.so\0"),
            fn () => $models->column("name\0"),
            fn () => $models->writeCsv("/tmp/a\0b"),
            fn () => $engine->model("1\0"),
            fn () => $engine->sequence("key\0"),
            fn () => $engine->score(['model' => "1\0"]),
            fn () => $engine->export("anna\0"),
            fn () => $engine->record("agents\0", ['agent' => ['bob']]),
            fn () => $engine->summarize(['anna', "b\0"]),
            fn () => $engine->ingest(["customer\0" => ['a']]),
            fn () => $engine->report('equity', ["scores\0" => threeOrders()]),
            fn () => $engine->forget('anna', ['key' => "once\0"]),
        ] as $cut) {
            $wrong = thrown(InvalidArgumentException::class, $cut);
            same('a text for libclv has a zero byte in it', $wrong->getMessage());
        }
    },
];
exit(passed($tests));
