<?php
declare(strict_types=1);

namespace Clv;

/** One long operation. The verbs give it back finished; Library::begin() as it begins. */
final class Job extends Handle
{
    /** Between steps PHP handles signals, and `run` calls back. */
    public const STEP_MS = 50;

    private readonly Diag $diag;
    private bool $done = false;

    /** @internal What it reads from while it runs. */
    public ?Source $source = null;

    /** @internal @param list<object> $kept what must not be freed before the job is done */
    public function __construct(Library $library, \FFI\CData $pointer, private array $kept)
    {
        parent::__construct($library, $pointer, 'clv_job_free');
        $this->diag = new Diag($library);
    }

    /** Works for about so many milliseconds; true when done. */
    public function step(int $milliseconds = self::STEP_MS): bool
    {
        if (!$this->done) {
            $native = $this->library->native();
            $status = $native->clv_job_step($this->pointer(), $milliseconds, $this->diag->pointer());
            $this->source?->check();
            $this->done = $this->checked($status) !== Constants::CLV_MORE;
        }
        return $this->done;
    }

    /**
     * What failed has let go of its engine, and is kept by its failure: "rejects" can be asked for. Of its own
     * failures only: what a source throws may be a failure of another job.
     */
    private function checked(int $status): int
    {
        try {
            return $this->diag->checked($status);
        } catch (Failure $failure) {
            $failure->job = $this;
            throw $failure;
        }
    }

    /**
     * Runs it to the end. `$watch(float $fraction, string $phase)` is called between steps; when it
     * returns false the job is cancelled, which throws CLV_E_CANCELLED. What it or a signal's handler
     * throws abandons the job.
     */
    public function run(?callable $watch = null): self
    {
        while (!$this->step()) {
            try {
                $this->between($watch);
            } catch (\Throwable $thrown) {
                $this->close();
                throw $thrown;
            }
        }
        return $this;
    }

    private function between(?callable $watch): void
    {
        if (function_exists('pcntl_signal_dispatch')) {
            pcntl_signal_dispatch();
        }
        if ($watch !== null && $watch(...$this->progress()) === false) {
            $this->cancel();
        }
    }

    /** The next step ends with CLV_E_CANCELLED. */
    public function cancel(): void
    {
        $this->library->native()->clv_job_cancel($this->pointer());
    }

    /** @return array{float, string} fraction done, and what it is at */
    public function progress(): array
    {
        $now = $this->library->sized('clv_progress');
        $this->library->call('clv_job_progress', $this->pointer(), \FFI::addr($now));
        return [$now->fraction, Memory::text($now->phase_name) ?? ''];
    }

    /** The main table, or another of that name. */
    public function table(string $name = ''): Table
    {
        return $this->taken('clv_job_take_result', 'clv_result', Table::class, [$name]);
    }

    /** The model of a fit. */
    public function model(): Model
    {
        return $this->taken('clv_job_take_model', 'clv_model', Model::class, []);
    }

    /** What it said on its way, such as plugins that failed. @return list<Note> */
    public function notes(): array
    {
        return $this->diag->notes();
    }

    private function taken(string $function, string $type, string $class, array $arguments): object
    {
        $out = $this->library->native()->new("$type *");
        $this->library->call($function, $this->pointer(), ...[...$arguments, \FFI::addr($out)]);
        return new $class($this->library, $out);
    }
}
