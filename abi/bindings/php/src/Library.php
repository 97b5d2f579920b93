<?php
declare(strict_types=1);

namespace Clv;

/**
 * libclv.so.1: columns in, tables out, and the way to engines and plugins. Verbs work to their end, in
 * steps, and give their finished job.
 */
final class Library
{
    private const HEADER = __DIR__ . '/../clv_scope.h';

    /**
     * Called between the steps of a verb with the fraction done and what it is at; returning false
     * cancels the verb, which throws CLV_E_CANCELLED.
     *
     * @var null|callable(float, string): mixed
     */
    public $watch = null;

    /**
     * The library that was preloaded; else, where FFI is allowed, the one at `$path`, or the
     * system's. A preloaded library cannot be replaced by another path.
     */
    public static function load(?string $path = null): self
    {
        $native = self::preloaded();
        if ($native === null) {
            $declarations = preg_replace('/^#.*$/m', '', file_get_contents(self::HEADER));
            $native = \FFI::cdef($declarations, $path ?? 'libclv.so.1');
        } elseif ($path !== null) {
            throw new \LogicException('libclv was preloaded by this server: call Library::load() without a path');
        }
        return new self($native);
    }

    private function __construct(private readonly \FFI $native)
    {
        [$major, $minor] = $this->abi();
        if ($major !== Constants::CLV_ABI_MAJOR) {
            $ours = Constants::CLV_ABI_MAJOR;
            throw new \RuntimeException("this binding needs libclv ABI $ours, the library has $major.$minor");
        }
    }

    /** @return array{int, int} major and minor */
    public function abi(): array
    {
        $abi = $this->native->clv_abi();
        return [$abi >> 16, $abi & 0xffff];
    }

    public function version(): string
    {
        return (string) $this->native->clv_version();
    }

    /** @param array<string, mixed> $options of clv_engine_options; without a path all is in memory */
    public function engine(array $options = []): Engine
    {
        return new Engine($this, $options);
    }

    public function plugins(): Plugins
    {
        return new Plugins($this);
    }

    /** @param array<string, mixed> $options of clv_csv_options: path or text, schema, currency, ... */
    public function csv(array $options): Job
    {
        if (isset($options['text'])) {
            $options += ['size' => strlen($options['text'])];
        }
        return $this->run('clv_csv_begin', ['clv_csv_options', $options]);
    }

    /** Transactions to one row per customer. */
    public function summarize(array|Table $transactions, array $options = []): Job
    {
        return $this->run('clv_summarize_begin', ['clv_summarize_options', $options], $transactions);
    }

    /** A summary to a model. */
    public function fit(array|Table $summary, array $options = []): Job
    {
        return $this->run('clv_fit_begin', ['clv_fit_options', $options], $summary);
    }

    public function score(Model $model, array|Table $summary, array $options = []): Job
    {
        return $this->run('clv_score_begin', ['clv_score_options', $options], $model, $summary);
    }

    public function segment(array|Table $scores, array $options = []): Job
    {
        return $this->run('clv_segment_begin', ['clv_segment_options', $options], $scores);
    }

    /** What feature plugins make of scores. */
    public function features(Plugins $plugins, array|Table $scores): Job
    {
        return $this->run('clv_features_begin', $plugins, null, $scores);
    }

    public function segmentByPlugin(Plugins $plugins, string $id, array|Table $scores): Job
    {
        return $this->run('clv_plugins_segment_begin', $plugins, null, $id, $scores);
    }

    public function propose(Plugins $plugins, array|Table $scores): Job
    {
        return $this->run('clv_propose_begin', $plugins, null, $scores);
    }

    public function decide(Model $model, array|Table $scores, array|Table $proposals, array $options = []): Job
    {
        return $this->run('clv_decide_begin', ['clv_decide_options', $options], $model, $scores, $proposals);
    }

    public function replay(array|Table $decisions): Job
    {
        return $this->run('clv_replay_begin', null, $decisions);
    }

    /** Every page, key and checksum of a store; reads only. */
    public function check(string $path): Job
    {
        return $this->run('clv_store_check_begin', null, $path);
    }

    /** Upgrades an older store, after a verified copy. */
    public function migrate(string $path, ?string $copy = null): Job
    {
        return $this->run('clv_store_migrate_begin', null, $path, $copy);
    }

    /** A verified backup as a store, all of it or nothing. */
    public function restore(string $backup, string $path): Job
    {
        return $this->run('clv_store_restore_begin', null, $backup, $path);
    }

    /** Transactions of simulated customers. */
    public function simulate(Model $model, array $options): Job
    {
        return $this->run('clv_simulate_begin', ['clv_simulate_options', $options], $model);
    }

    /** @param array<string, array|Table> $inputs tables by name */
    public function report(string $report, array $inputs, ?string $optionsJson = null, ?Model $model = null): Job
    {
        $fields = ['report' => $report, 'inputs' => $inputs, 'options_json' => $optionsJson, 'model' => $model];
        return $this->run('clv_report_begin', ['clv_report_options', $fields]);
    }

    /** A model from JSON. */
    public function model(string $json): Model
    {
        $out = $this->native->new('clv_model *');
        $memory = new Memory($this);
        $this->call('clv_model_load', $memory->bytes($json), strlen($json), \FFI::addr($out));
        return new Model($this, $out);
    }

    /** One customer's history, new or from the fields kept of it; for Scorer::history(). */
    public function history(array $fields = []): History
    {
        return new History($this, $fields);
    }

    /** What a plugin file says of itself, one row, without loading it into a set. */
    public function describe(string $absolutePath): Table
    {
        $out = $this->native->new('clv_result *');
        $this->call('clv_plugin_describe', null, $absolutePath, \FFI::addr($out));
        return new Table($this, $out);
    }

    /** @return array<string, mixed> what this build is made of, for bug reports */
    public function build(): array
    {
        return json_decode((string) $this->native->clv_build_info_json(), true, 512, JSON_THROW_ON_ERROR);
    }

    /** What can be asked for by name: "models", "segmentations", "schemas", "reports", ... */
    public function catalogue(string $what): Table
    {
        $out = $this->native->new('clv_result *');
        $this->call('clv_catalogue', $what, \FFI::addr($out));
        return new Table($this, $out);
    }

    /** @internal */
    public function native(): \FFI
    {
        return $this->native;
    }

    /** @internal A zeroed struct that knows its size. */
    public function sized(string $type): \FFI\CData
    {
        $struct = $this->native->new($type);
        $struct->struct_size = \FFI::sizeof($struct);
        return $struct;
    }

    /** @internal Calls a function that takes a clv_diag last. */
    public function call(string $function, mixed ...$arguments): int
    {
        array_map(fn (mixed $a) => is_string($a) ? Memory::whole($a) : $a, $arguments);
        $diag = new Diag($this);
        return $diag->checked($this->native->$function(...[...$arguments, $diag->pointer()]));
    }

    /** @internal A verb, to its end. */
    public function run(string $function, mixed ...$arguments): Job
    {
        return $this->begin($function, ...$arguments)->run($this->watch);
    }

    /**
     * Begins a job for those who step it themselves, by the name of its C function. Handles are given
     * as they are, arrays of columns and tables become batches, options are [name of the struct, its
     * fields]; out and diag are left out.
     */
    public function begin(string $function, mixed ...$arguments): Job
    {
        $memory = new Memory($this);
        $kept = array_filter($arguments, fn (mixed $a) => $a instanceof Handle && !$a instanceof Table);
        $given = array_map(fn (mixed $a) => $this->given($memory, $a), $arguments);
        $out = $this->native->new('clv_job *');
        $this->call($function, ...[...$given, \FFI::addr($out)]);
        return new Job($this, $out, $kept);
    }

    /** @internal An argument as the C function takes it. */
    public function given(Memory $memory, mixed $argument): mixed
    {
        if (is_array($argument) && is_string($argument[0] ?? null)) {
            return \FFI::addr($memory->struct(...$argument));
        }
        if (is_array($argument) || $argument instanceof Table) {
            return \FFI::addr($memory->keep(Batch::of($this, $argument))->struct());
        }
        return $argument instanceof Handle ? $argument->pointer() : $argument;
    }

    private static function preloaded(): ?\FFI
    {
        try {
            return \FFI::scope('CLV');
        } catch (\FFI\Exception) {
            return null;
        }
    }
}
