<?php
declare(strict_types=1);

namespace Clv;

/** A call of libclv failed. The message is its sentence; nothing was changed. */
final class Failure extends \RuntimeException
{
    /** The job that failed, whose table "rejects" can still be read. */
    public ?Job $job = null;

    /**
     * @param int $status one of Constants::CLV_E_*
     * @param string $name its name, such as "CLV_E_DATA"
     * @param ?int $row data row from 0, where it is about one
     * @param list<Note> $notes all that was said, the last error last
     */
    public function __construct(
        string $message,
        public readonly int $status,
        public readonly string $name,
        public readonly ?int $row = null,
        public readonly ?string $column = null,
        public readonly ?string $hint = null,
        public readonly ?string $plugin = null,
        public readonly array $notes = [],
    ) {
        parent::__construct($message, $status);
    }
}
