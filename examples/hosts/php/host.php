<?php
// The host job of ../README.md in PHP: php host.php LIBRARY PLUGIN ORDERS
declare(strict_types=1);

// With Composer: vendor/autoload.php. Preloaded (php.ini): nothing to require.
require __DIR__ . '/../../../abi/bindings/php/autoload.php';

use Clv\Column;
use Clv\Constants;
use Clv\Library;

const VALUE = ['margin' => 0.3, 'annual_discount' => 0.1];

function main(string $library, string $plugin, string $orders): void
{
    $midnight = new DateTimeImmutable('2025-01-01T00:00:00Z');
    $now = $midnight->getTimestamp() * 1_000_000;
    $clv = Library::load($library);
    vprintf("abi %d.%d\n", $clv->abi());

    // A log in, the value of each customer out.
    $log = $clv->csv(['path' => $orders, 'currency' => 'EUR'])->table();
    printf("read %d transactions\n", count($log));
    $engine = $clv->engine();
    $taken = $engine->ingest($log, ['source' => 'shop', 'currency' => 'EUR'])->table();
    printf("ingested %d accepted %d duplicates\n", $taken->value('accepted', 0), $taken->value('duplicates', 0));
    foreach ($engine->fit(['model' => 'bg_nbd+gamma_gamma'])->table() as $row) {
        printf("parameter %s %s %.6F\n", $row['model'], $row['parameter'], $row['value']);
    }
    $scores = $engine->score(VALUE)->table();
    printf("scores %d %s\n", count($scores), $scores->fingerprint());
    printf("value %.6F\n", array_sum($scores->column('clv')));

    // Groups, and what to do: the plugin proposes, libclv decides within 5 cents.
    foreach ($engine->segment(['scheme' => 'value_tier'])->table('profile') as $row) {
        printf("segment %s %d\n", $row['segment'], $row['customers']);
    }
    $plugins = $clv->plugins()->load($plugin, ['now_us' => $now, 'seed' => 7]);
    $decided = $engine->decide($plugins, [
        'flags' => Constants::CLV_DECIDE_HAS_BUDGET | Constants::CLV_DECIDE_NO_HOLDOUT,
        'budget_minor' => 5,
        'margin' => 0.3,
        'now_us' => $now,
    ]);
    foreach ($decided->table() as $row) {
        if ($row['action'] !== null) {
            printf("decision %s %s %.6F\n", $row['customer'], $row['action'], $row['net']);
        }
    }

    // One customer while a page is shown, from what the page knows.
    $score = $engine->model()->scorer(VALUE)->row(x: 3, t_x: 20, T: 30, mean_spend: 25);
    printf("customer %.6F %.6F\n", $score['p_alive'], $score['clv']);

    // The host's own arrays, without an engine: text, times, money.
    $columns = [
        'customer' => ['anna', 'björn', 'anna'],
        'time' => [$midnight, $midnight->modify('+7 days'), $midnight->modify('+14 days')],
        'amount' => Column::money([1999, 500, 2450], 'EUR'),
    ];
    $summary = $clv->summarize($columns)->table();
    foreach ($summary as $row) {
        printf("summary %s %.6F %.6F %.6F", $row['customer'], $row['x'], $row['t_x'], $row['T']);
        printf(" %.6F %d %s\n", $row['mean_spend'], $row['revenue'], $summary->unit('revenue'));
    }
    try {
        $clv->summarize(['customer' => ['anna', '', 'anna']] + $columns);
    } catch (Clv\Failure $wrong) {
        printf("refused %d %s %s %s\n", $wrong->row, $wrong->column, $wrong->name, $wrong->getMessage());
    }
}

main(...array_slice($argv, 1));
