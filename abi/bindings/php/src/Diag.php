<?php
declare(strict_types=1);

namespace Clv;

/** What went wrong, row by row. */
final class Diag extends Handle
{
    /** @internal */
    public function __construct(Library $library)
    {
        parent::__construct($library, $library->native()->clv_diag_new(), 'clv_diag_free');
    }

    /** Throws what a negative status stands for; gives others back. */
    public function checked(int $status): int
    {
        if ($status >= 0) {
            return $status;
        }
        $notes = $this->notes();
        $errors = array_filter($notes, fn (Note $n) => $n->status === $status);
        $last = end($errors) ?: null;
        $name = (string) $this->library->native()->clv_status_name($status);
        throw new Failure(
            $last?->message ?? $name,
            $status,
            $name,
            $last?->row,
            $last?->column,
            $last?->hint,
            $last?->plugin,
            $notes,
        );
    }

    /** @return list<Note> */
    public function notes(): array
    {
        $native = $this->library->native();
        $count = $native->clv_diag_count($this->pointer());
        $notes = [];
        for ($i = 0; $i < $count; ++$i) {
            $entry = $this->library->sized('clv_diag_entry');
            $native->clv_diag_get($this->pointer(), $i, \FFI::addr($entry));
            $notes[] = new Note(
                $entry->status,
                $entry->level,
                $entry->row < 0 ? null : $entry->row,
                Memory::text($entry->column),
                Memory::text($entry->message) ?? '',
                Memory::text($entry->hint),
                Memory::text($entry->plugin_id),
            );
        }
        return $notes;
    }
}
