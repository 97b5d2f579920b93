<?php
declare(strict_types=1);

namespace Clv;

/**
 * Asks an iterable of tables for the next one when libclv does, and holds one at a time. What it throws cannot
 * pass through C: it is kept, and thrown by the job's step.
 */
final class Source
{
    private const CALLBACK = 'struct { int32_t (*next)(void *, clv_batch *); }';

    private readonly \FFI\CData $struct;
    private readonly \FFI\CData $callback;
    private readonly \Generator $tables;
    private ?Batch $held = null;
    private ?\Throwable $thrown = null;
    private bool $begun = false;

    /** @internal @param iterable<array|Table> $tables */
    public function __construct(private readonly Library $library, iterable $tables)
    {
        $this->tables = (static fn () => yield from $tables)();
        $this->struct = $library->sized('clv_source');
        $this->callback = $library->native()->new(self::CALLBACK);
        $self = \WeakReference::create($this); // PHP keeps what was made a callback until the request ends
        $this->callback->next = static fn (mixed $context, \FFI\CData $out): int => $self->get()->next($out);
        $this->struct->next = $library->native()->cast('void *', $this->callback->next);
    }

    /** @internal */
    public function struct(): \FFI\CData
    {
        return $this->struct;
    }

    /** @internal Throws what the iterable threw. */
    public function check(): void
    {
        if ($this->thrown !== null) {
            throw $this->thrown;
        }
    }

    private function next(\FFI\CData $out): int
    {
        try {
            if ($this->begun) {
                $this->tables->next();
            }
            $this->begun = true;
            if (!$this->tables->valid()) {
                return Constants::CLV_END;
            }
            $this->held = Batch::of($this->library, $this->tables->current());
            foreach (['n_columns', 'n_rows', 'columns'] as $name) {
                $out->$name = $this->held->struct()->$name;
            }
            return Constants::CLV_OK;
        } catch (\Throwable $thrown) {
            $this->thrown = $thrown;
            return Constants::CLV_E_IO;
        }
    }
}
