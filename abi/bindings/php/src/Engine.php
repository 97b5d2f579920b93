<?php
declare(strict_types=1);

namespace Clv;

/**
 * A store and the verbs on it, one at a time. Options are the fields of the C structs, by name. `$answer` of
 * those that can be asked for twice has key, body_hash, bytes, now_us: kept by the same commit, and found
 * by answer().
 */
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

    /**
     * Tables one after another, such as those of a generator, held one at a time: all of them or none.
     *
     * @param iterable<array|Table> $tables
     */
    public function ingestBatches(iterable $tables, array $options = []): Job
    {
        $source = new Source($this->library, $tables);
        $given = [['clv_ingest_options', $options], \FFI::addr($source->struct())];
        $job = $this->library->begin('clv_engine_ingest_source_begin', $this, ...$given);
        $job->source = $source;
        return $job->run($this->library->watch);
    }

    /** Facts into the store: "customers", "consent", "outcomes", ... */
    public function record(string $table, array|Table $rows, array $options = []): Job
    {
        return $this->run('record', ['clv_ingest_options', $options], $table, $rows);
    }

    /**
     * Batches of many senders in one commit; a row of the answer for each says what became of it.
     *
     * @param list<array<string, mixed>> $batches fields of clv_keyed_batch, `rows` a table
     */
    public function group(array $batches): Job
    {
        $memory = new Memory($this->library);
        $structs = array_map(fn (array $b) => \FFI::addr($memory->struct('clv_keyed_batch', $b)), $batches);
        $given = $memory->addresses('const clv_keyed_batch*', $structs);
        return $this->run('group', null, $given, count($batches));
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
        return $this->run('plugin_segment', $plugins, null, $id);
    }

    /** What feature plugins make of the stored candidates. */
    public function features(Plugins $plugins): Job
    {
        return $this->run('features', $plugins, null);
    }

    public function propose(Plugins $plugins): Job
    {
        return $this->run('propose', $plugins, null);
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

    /** A report whose tables are facts to record: makes it and records them in one commit. */
    public function apply(string $report, array $inputs = [], ?string $optionsJson = null, array $ingest = []): Job
    {
        $fields = ['report' => $report, 'inputs' => $inputs, 'options_json' => $optionsJson];
        return $this->run('apply', ['clv_report_options', $fields], ['clv_ingest_options', $ingest]);
    }

    public function replay(): Job
    {
        return $this->run('replay', null);
    }

    /** Everything stored of one customer. */
    public function export(string $customer): Job
    {
        return $this->run('export', null, $customer);
    }

    public function forget(string $customer, ?array $answer = null): Job
    {
        return $this->run('forget', self::told($answer), $customer);
    }

    /** Deletes recorded facts that happened before. */
    public function prune(string $table, int $beforeUs, ?array $answer = null): Job
    {
        return $this->run('prune', self::told($answer), $table, $beforeUs);
    }

    /** A verified copy, made while others write. */
    public function backup(string $path): Job
    {
        return $this->run('backup', null, $path);
    }

    /** Stores what a job computed on an engine that only reads. */
    public function adopt(Job $done, ?array $answer = null): Job
    {
        return $this->run('adopt', self::told($answer), $done);
    }

    /**
     * The summary of some customers, from the log as it is now.
     *
     * @param list<string> $customers
     */
    public function summarize(array $customers, array $options = []): Job
    {
        $memory = new Memory($this->library);
        $names = $memory->addresses('const char*', array_map($memory->string(...), $customers));
        return $this->run('summarize', ['clv_summarize_options', $options], $names, count($customers));
    }

    /** A stored table, or `$count` of its rows from `$first` on. */
    public function read(string $table, int $first = 0, int $count = 0): Table
    {
        $rows = ['table' => $table, 'first' => $first, 'count' => $count];
        return $this->run('read', ['clv_table_options', $rows])->table();
    }

    /** A model that the engine keeps: its number, an alias, or null for the latest. */
    public function model(?string $name = null): Model
    {
        $out = $this->library->native()->new('clv_model *');
        $this->library->call('clv_engine_model', $this->pointer(), $name, \FFI::addr($out));
        return new Model($this->library, $out);
    }

    /** Keeps a model that was made elsewhere: its number. */
    public function addModel(Model $model, int $nowUs = 0, ?array $answer = null): string
    {
        $name = $this->library->native()->new('const char *');
        $this->call('clv_engine_add_model', self::told($answer), $model, $nowUs, \FFI::addr($name));
        return Memory::text($name);
    }

    /**
     * The alias names another model from now on, where `etag` of the options is still its own: the new
     * etag.
     */
    public function setAlias(string $alias, ?string $model, array $options = []): int
    {
        $etag = $this->library->native()->new('int64_t');
        $fields = ['alias' => $alias, 'model' => $model] + $options;
        $this->call('clv_engine_set_alias', ['clv_alias_options', $fields], \FFI::addr($etag));
        return $etag->cdata;
    }

    public function retireModel(string $model, ?array $answer = null): void
    {
        $this->call('clv_engine_retire_model', self::told($answer), $model);
    }

    /** The last durable sequence of a stream's key; 0 = none. */
    public function sequence(string $key): int
    {
        $out = $this->library->native()->new('int64_t');
        $this->call('clv_engine_sequence', $key, \FFI::addr($out));
        return $out->cdata;
    }

    /**
     * What a request was answered with.
     *
     * @return array{body_hash: ?string, bytes: ?string, now_us: int, made: int} bytes: null once forgotten
     */
    public function answer(string $key): array
    {
        $out = $this->library->sized('clv_answer');
        $this->call('clv_engine_answer', $key, \FFI::addr($out));
        $bytes = $out->n_bytes === 0 ? '' : \FFI::string($out->bytes, $out->n_bytes);
        return [
            'body_hash' => Memory::text($out->body_hash),
            'bytes' => $out->flags & Constants::CLV_ANSWER_FORGOTTEN ? null : $bytes,
            'now_us' => $out->now_us,
            'made' => $out->made,
        ];
    }

    /** @return array{string, array<string, mixed>} clv_run_options, with what the commit is to keep */
    private static function told(?array $answer): array
    {
        return ['clv_run_options', ['answer' => $answer]];
    }

    private function call(string $function, mixed ...$arguments): void
    {
        $memory = new Memory($this->library);
        $given = array_map(fn (mixed $a) => $this->library->given($memory, $a), $arguments);
        $this->library->call($function, $this->pointer(), ...$given);
    }

    private function run(string $verb, mixed ...$arguments): Job
    {
        return $this->library->run("clv_engine_{$verb}_begin", $this, ...$arguments);
    }
}
