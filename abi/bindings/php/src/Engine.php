<?php
declare(strict_types=1);

namespace Clv;

/** A store and the verbs on it. Options are the fields of the C structs, by name. */
final class Engine extends Handle
{
    /** @internal @param array<string, mixed> $options of clv_engine_options */
    public function __construct(Library $library, array $options)
    {
        $memory = new Memory($library);
        $out = $library->native()->new('clv_engine *');
        $struct = $memory->struct('clv_engine_options', $options);
        $library->call('clv_engine_open', \FFI::addr($struct), \FFI::addr($out));
        parent::__construct($library, $out, 'clv_engine_free');
    }

    /** Transactions into the store. */
    public function ingest(array|Table $transactions, array $options = []): Job
    {
        return $this->run('ingest', ['clv_ingest_options', $options], $transactions);
    }

    /** Facts into the store: "customers", "consent", "outcomes", ... */
    public function record(string $table, array|Table $rows, array $options = []): Job
    {
        return $this->run('record', $table, ['clv_ingest_options', $options], $rows);
    }

    public function fit(array $options = [], array $summarize = []): Job
    {
        return $this->run('fit', ['clv_summarize_options', $summarize], ['clv_fit_options', $options]);
    }

    public function score(array $options = []): Job
    {
        return $this->run('score', ['clv_score_options', $options]);
    }

    public function segment(array $options = []): Job
    {
        return $this->run('segment', ['clv_segment_options', $options]);
    }

    public function segmentByPlugin(Plugins $plugins, string $id): Job
    {
        return $this->run('plugin_segment', $plugins, $id);
    }

    public function propose(Plugins $plugins): Job
    {
        return $this->run('propose', $plugins);
    }

    public function decide(Plugins $plugins, array $options = []): Job
    {
        return $this->run('decide', $plugins, ['clv_decide_options', $options]);
    }

    /** @param array<string, array|Table> $inputs further tables by name */
    public function report(string $report, array $inputs = [], ?string $optionsJson = null): Job
    {
        $fields = ['report' => $report, 'inputs' => $inputs, 'options_json' => $optionsJson];
        return $this->run('report', ['clv_report_options', $fields]);
    }

    /** The report, and what of it is to be recorded. */
    public function apply(string $report, array $inputs = [], ?string $optionsJson = null, array $ingest = []): Job
    {
        $fields = ['report' => $report, 'inputs' => $inputs, 'options_json' => $optionsJson];
        return $this->run('apply', ['clv_report_options', $fields], ['clv_ingest_options', $ingest]);
    }

    public function replay(): Job
    {
        return $this->run('replay');
    }

    /** Everything stored of one customer. */
    public function export(string $customer): Job
    {
        return $this->run('export', $customer);
    }

    public function forget(string $customer): Job
    {
        return $this->run('forget', $customer);
    }

    /** A verified copy of the store. */
    public function backup(string $path): Job
    {
        return $this->run('backup', $path);
    }

    /** Stores what a job computed on an engine that only reads. */
    public function adopt(Job $done): Job
    {
        return $this->run('adopt', $done, null);
    }

    /** A stored table. */
    public function read(string $table): Table
    {
        $out = $this->library->native()->new('clv_result *');
        $this->library->call('clv_engine_read', $this->pointer(), $table, \FFI::addr($out));
        return new Table($this->library, $out);
    }

    /** A model that the engine keeps: its number, an alias, or null for the latest. */
    public function model(?string $name = null): Model
    {
        $out = $this->library->native()->new('clv_model *');
        $this->library->call('clv_engine_model', $this->pointer(), $name, \FFI::addr($out));
        return new Model($this->library, $out);
    }

    private function run(string $verb, mixed ...$arguments): Job
    {
        return $this->library->run("clv_engine_{$verb}_begin", $this, ...$arguments);
    }
}
