<?php
// The binding for PHP: php binding_test.php LIBRARY PLUGIN
declare(strict_types=1);

require __DIR__ . '/support.php';

use Clv\Column;
use Clv\Constants;
use Clv\Failure;
use Clv\Library;

[, $path, $plugin] = $argv;
$clv = Library::load($path);
$model = $clv->model('{"format": "clv.model/1", "unit": "week", "currency": "EUR",
    "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
    "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}');

function orders(array $customers, int $cents = 500): array
{
    $times = array_map(fn (int $i) => (20_000 + $i) * 86_400_000_000, array_keys($customers));
    $amounts = array_fill(0, count($customers), $cents);
    return [
        'customer' => $customers,
        'time' => Column::times($times),
        'amount' => Column::money($amounts, 'EUR'),
        'event_id' => array_map(fn (int $i) => "e$i", array_keys($customers)),
    ];
}

$tests = [
    'a failure says status, row, column, sentence and hint' => function () use ($clv) {
        $wrong = thrown(Failure::class, fn () => $clv->summarize(orders(['anna', '', 'anna'])));
        same([-7, 'CLV_E_DATA', 1, 'customer'], [$wrong->status, $wrong->name, $wrong->row, $wrong->column]);
        same("row 2, column 'customer': is empty", $wrong->getMessage());
        $wrong = thrown(Failure::class, fn () => $clv->catalogue('nonsense'));
        same(['CLV_E_NOT_FOUND', null, null], [$wrong->name, $wrong->row, $wrong->column]);
        $wrong = thrown(Failure::class, fn () => $clv->csv(['path' => '/nowhere.csv']));
        same('CLV_E_IO', $wrong->name);
    },
    'null where a table or a handle belongs is a failure, not a crash' => function () use ($clv) {
        $native = $clv->native();
        same(-1, $native->clv_job_step(null, 0, null));
        same(Constants::CLV_E_INVALID, $native->clv_summarize_begin(null, null, null, null));
        same(0, $native->clv_diag_count(null));
        $native->clv_result_free(null);
        thrown(Failure::class, fn () => $clv->begin('clv_engine_score_begin', null, null));
    },
    'options are checked by name and never ignored' => function () use ($clv) {
        $wrong = thrown(InvalidArgumentException::class, fn () => $clv->engine(['pth' => 'x']));
        same("clv_engine_options has no field 'pth'", $wrong->getMessage());
        $wrong = thrown(Failure::class, fn () => $clv->engine(['flags' => 1 << 30]));
        same('CLV_E_UNSUPPORTED', $wrong->name);
    },
    'text with umlauts, beyond the BMP and empty comes back as it went in' => function () use ($clv, $model) {
        $names = ['Jürgen Größe', '東京', '🎉', "a\"b,c\n"];
        $summary = $clv->summarize(orders($names))->table();
        $sorted = $names;
        sort($sorted, SORT_STRING);
        same($sorted, $summary->column('customer'));
        $wrong = thrown(Failure::class, fn () => $clv->summarize(orders(["\xff\xfe"])));
        same(0, $wrong->row);
        $catalogue = $clv->catalogue('models');
        same(count($catalogue), count($catalogue->column('source')));
    },
    'absent values go in and come out as null' => function () use ($clv, $model) {
        $summary = ['customer' => ['a', 'b', 'c'], 'x' => [2, 0, 1], 't_x' => [5.0, 0.0, 2.5],
            'T' => [10.0, 10.0, 9.0], 'mean_spend' => [20.0, null, 30.0]];
        $scores = $clv->score($model, $summary)->table();
        same(3, count($scores));
        $same = $clv->score($model, ['mean_spend' => Column::numbers([20, null, 30])] + $summary)->table();
        same($scores->fingerprint(), $same->fingerprint());
        $table = $clv->csv(['text' => "customer,note,n\na,,1\nb,x,\n", 'schema' => 'any'])->table();
        same([null, 'x'], $table->column('note'));
        same([1.0, null], $table->column('n'));
        same([['customer' => 'a', 'note' => null, 'n' => 1.0], ['customer' => 'b', 'note' => 'x', 'n' => null]],
            iterator_to_array($table));
    },
    'types of columns are guessed, and mixed ones refused with row and column' => function () use ($clv) {
        same(Constants::CLV_T_I64, Column::guessed([1, null])->type);
        same(Constants::CLV_T_F64, Column::guessed([1, 2.5])->type);
        same(Constants::CLV_T_F64, Column::guessed([null])->type);
        same([1_500_000], Column::guessed([new DateTimeImmutable('@1.5')])->values);
        thrown(InvalidArgumentException::class, fn () => Column::guessed(['a', 1]));
        $wrong = thrown(TypeError::class, fn () => $clv->summarize(['amount' => Column::money([1, 2.5], 'EUR')]));
        same("row 2, column 'amount': a integer is needed, not float", $wrong->getMessage());
        thrown(InvalidArgumentException::class, fn () => $clv->summarize(['a' => [1], 'b' => [1, 2]]));
    },
    'integers are exact and blocks of rows are read as the whole is' => function () use ($clv) {
        $names = array_map(fn (int $i) => sprintf('c%05d', $i), range(0, 2_499));
        $summary = $clv->summarize(orders($names, 1_234_567_890_123))->table();
        same(1_234_567_890_123, $summary->value('revenue', 2_499));
        same('EUR', $summary->unit('revenue'));
        same(array_slice($summary->column('customer'), 1_003, 9), $summary->column('customer', 1_003, 9));
        same($names, array_column(iterator_to_array($summary), 'customer'));
        thrown(OutOfRangeException::class, fn () => $summary->column('customer', 2_499, 2));
        thrown(OutOfBoundsException::class, fn () => $summary->column('nonsense'));
    },
    'a job can be stepped, cancelled and watched' => function () use ($clv, $model) {
        $many = ['clv_simulate_options', ['customers' => 200_000, 'seed' => 1]];
        $job = $clv->begin('clv_simulate_begin', $many, $model);
        same(false, $job->step(1));
        [$fraction, $phase] = $job->progress();
        same(true, $fraction >= 0 && $fraction < 1 && $phase !== '');
        $job->cancel();
        same('CLV_E_CANCELLED', thrown(Failure::class, fn () => $job->run())->name);
        $seen = 0;
        $clv->watch = function (float $fraction) use (&$seen) {
            return ++$seen < 2;
        };
        try {
            $many = ['customers' => 2_000_000, 'seed' => 1];
            same('CLV_E_CANCELLED', thrown(Failure::class, fn () => $clv->simulate($model, $many))->name);
        } finally {
            $clv->watch = null;
        }
        same(2, $seen);
    },
    'a signal handler runs between steps' => function () use ($clv, $model) {
        if (!function_exists('pcntl_signal')) {
            return;
        }
        pcntl_signal(SIGUSR1, fn () => throw new DomainException('handled'));
        $clv->watch = fn () => posix_kill(getmypid(), SIGUSR1);
        try {
            thrown(DomainException::class, fn () => $clv->simulate($model, ['customers' => 2_000_000, 'seed' => 1]));
        } finally {
            $clv->watch = null;
        }
    },
    'two engines have nothing in common' => function () use ($clv) {
        [$one, $two] = [$clv->engine(), $clv->engine()];
        $one->ingest(orders(['anna', 'björn']), ['source' => 's'])->table();
        $two->ingest(orders(['carla']), ['source' => 's'])->table();
        same(['anna', 'björn'], $one->read('transactions')->column('customer'));
        same(['carla'], $two->read('transactions')->column('customer'));
        same(1, $one->export('anna')->table('transactions')->count());
        $one->forget('anna');
        same(['björn'], $one->read('transactions')->column('customer'));
        same('CLV_E_STATE', thrown(Failure::class, fn () => $two->score())->name);
        $second = fn () => [$two->read('transactions'), $clv->begin('clv_engine_replay_begin', $two)];
        $open = $clv->begin('clv_engine_ingest_begin', $two, ['clv_ingest_options', []], orders(['d']));
        same('CLV_E_CONFLICT', thrown(Failure::class, $second)->name);
        $open->close();
        $two->close();
        $two->close();
        thrown(LogicException::class, fn () => $two->read('transactions'));
    },
    'a rejected file keeps the rows that were wrong' => function () use ($clv) {
        $text = "customer,time,amount\na,2024-01-01,1.00\nb,yesterday,2\n";
        $read = fn () => $clv->csv(['text' => $text, 'currency' => 'EUR']);
        $wrong = thrown(Failure::class, $read);
        same('CLV_E_DATA', $wrong->name);
        same([2.0], array_map(floatval(...), $wrong->job->table('rejects')->column('row')));
    },
    'plugins load once, list themselves and answer reports with named tables' => function () use ($clv, $model, $plugin) {
        $plugins = $clv->plugins()->load($plugin, ['now_us' => 20_000 * 86_400_000_000]);
        same([1, $plugin], [count($plugins->list()), $plugins->list()->value('path', 0)]);
        same('CLV_E_EXISTS', thrown(Failure::class, fn () => $plugins->load($plugin))->name);
        same('CLV_E_INVALID', thrown(Failure::class, fn () => $plugins->load('relative.so'))->name);
        $summary = ['customer' => ['a', 'b'], 'x' => [3, 0], 't_x' => [5.0, 0.0],
            'T' => [30.0, 10.0], 'mean_spend' => [20.0, null]];
        $scores = $clv->score($model, $summary)->table();
        $proposals = $clv->propose($plugins, $scores)->table();
        $consent = ['customer' => ['a'], 'channel' => ['email'], 'time' => Column::times([0]), 'granted' => [1]];
        $decided = $clv->decide($model, $scores, $proposals, ['facts' => ['consent' => $consent]])->table();
        same(['a', 'b'], $decided->column('customer'));
        $wrong = thrown(Failure::class, fn () => $clv->report('backtest', ['nonsense' => $consent]));
        same(true, $wrong->status < 0);
    },
    'feature and segmentation plugins answer by their ids' => function () use ($clv, $model, $plugin) {
        $sample = fn (string $name) => dirname($plugin, 2) . "/$name/$name.so";
        $plugins = $clv->plugins()->load($sample('lifecycle'))->load($sample('buying_habits'));
        same(['clv.lifecycle', 'clv.buying_habits'], $plugins->list()->column('id'));
        same(0, count($plugins->takeLog()));
        $engine = $clv->engine();
        $engine->ingest(orders(['anna', 'björn', 'anna']), ['source' => 's']);
        $engine->fit();
        $engine->score();
        $features = $clv->features($plugins, $engine->read('candidates'))->table();
        same(['anna', 'björn'], $features->column('customer'));
        same(true, str_starts_with($features->names()[1], 'feature.'));
        $profile = $engine->segmentByPlugin($plugins, 'clv.lifecycle')->table('profile');
        same(2, (int) array_sum($profile->column('customers')));
        $wrong = thrown(Failure::class, fn () => $engine->segmentByPlugin($plugins, 'clv.buying_habits'));
        same('CLV_E_PLUGIN', $wrong->name);
    },
    'a model is the same after JSON, and a row scores as the table does' => function () use ($clv, $model) {
        same($model->json(), $clv->model($model->json())->json());
        $scores = $clv->score($model, ['x' => [3], 't_x' => [5.0], 'T' => [30.0], 'mean_spend' => [20.0]])->table();
        $row = $model->scorer()->row(3, 5, 30, 20);
        same($scores->value('clv', 0), $row['clv']);
        $wrong = thrown(Failure::class, fn () => $model->scorer()->row(3, 40, 30, 20));
        same(['CLV_E_NUMERIC', 't_x'], [$wrong->name, $wrong->column]);
        same(true, $model->scorer()->row(3, 5, 30)['p_alive'] === $row['p_alive']);
    },
    'a forked child leaves the handles of its parent alone' => function () use ($clv) {
        if (!function_exists('pcntl_fork')) {
            return;
        }
        $engine = $clv->engine();
        $child = pcntl_fork();
        if ($child === 0) {
            try {
                $engine->read('transactions');
                exit(2);
            } catch (LogicException) {
                $engine->close();
            }
            $mine = $clv->engine();
            $mine->ingest(orders(['x']), ['source' => 's']);
            exit(count($mine->read('transactions')) === 1 ? 0 : 1);
        }
        pcntl_waitpid($child, $status);
        same(0, pcntl_wexitstatus($status));
        $engine->ingest(orders(['anna']), ['source' => 's']);
        same(1, count($engine->read('transactions')));
    },
];

exit(passed($tests));
