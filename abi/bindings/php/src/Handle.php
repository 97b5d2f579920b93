<?php
declare(strict_types=1);

namespace Clv;

/** Frees what it holds exactly once. After a fork it belongs to the process that made it, and only to that. */
abstract class Handle
{
    private readonly int $process;

    /** @internal */
    public function __construct(
        protected readonly Library $library,
        private ?\FFI\CData $pointer,
        private readonly string $free,
    ) {
        $this->process = getmypid();
    }

    public function __destruct()
    {
        $this->close();
    }

    /** Frees it now; a second time does nothing. */
    public function close(): void
    {
        if ($this->pointer !== null && getmypid() === $this->process) {
            $this->library->native()->{$this->free}($this->pointer);
        }
        $this->pointer = null;
    }

    /** @internal */
    public function pointer(): \FFI\CData
    {
        if ($this->pointer !== null && getmypid() !== $this->process) {
            throw new \LogicException(static::class . ' was made before a fork: make another in this process');
        }
        return $this->pointer ?? throw new \LogicException(static::class . ' was closed');
    }

    public function __clone()
    {
        throw new \LogicException(static::class . ' cannot be cloned');
    }

    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' cannot be serialized');
    }
}
