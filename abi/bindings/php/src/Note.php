<?php
declare(strict_types=1);

namespace Clv;

/** One entry of a clv_diag. */
final class Note
{
    public function __construct(
        public readonly int $status,
        public readonly int $level,
        public readonly ?int $row,
        public readonly ?string $column,
        public readonly string $message,
        public readonly ?string $hint,
        public readonly ?string $plugin,
    ) {
    }
}
