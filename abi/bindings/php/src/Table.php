<?php
declare(strict_types=1);

namespace Clv;

/** An answer of libclv: a table of named columns that never changes. */
final class Table extends Handle implements \Countable, \IteratorAggregate
{
    private ?\FFI\CData $batch = null;

    /** @internal */
    public function __construct(Library $library, \FFI\CData $pointer)
    {
        parent::__construct($library, $pointer, 'clv_result_free');
    }

    /** Rows. */
    public function count(): int
    {
        return $this->library->native()->clv_result_rows($this->pointer());
    }

    /** @return list<string> */
    public function names(): array
    {
        $names = [];
        for ($i = 0; $i < $this->batch()->n_columns; ++$i) {
            $names[] = Memory::text($this->batch()->columns[$i]->name);
        }
        return $names;
    }

    /** Currency, "day", "week", or null. */
    public function unit(string $column): ?string
    {
        return Memory::text($this->find($column)->unit);
    }

    /**
     * Values of a column, null where absent: texts, floats, or integers (times in microseconds since
     * 1970, money in minor units).
     *
     * @return list<string|float|int|null>
     */
    public function column(string $name, int $first = 0, ?int $count = null): array
    {
        $column = $this->find($name);
        $count ??= $this->count() - $first;
        if ($first < 0 || $count < 0 || $first + $count > $this->count()) {
            throw new \OutOfRangeException("rows $first to $first + $count of {$this->count()}");
        }
        if ($count === 0) {
            return [];
        }
        $values = $column->type === Constants::CLV_T_UTF8
            ? $this->texts($column, $first, $count)
            : $this->items($column, $column->type === Constants::CLV_T_F64 ? 'd' : 'q', $first, $count);
        if ($column->validity !== null) {
            for ($i = 0; $i < $count; ++$i) {
                $row = $first + $i;
                if (($column->validity[$row >> 3] >> ($row & 7) & 1) === 0) {
                    $values[$i] = null;
                }
            }
        }
        return $values;
    }

    /** One value. */
    public function value(string $column, int $row): string|float|int|null
    {
        return $this->column($column, $row, 1)[0];
    }

    /** Rows as arrays by column name, read in blocks. @return \Generator<int, array<string, mixed>> */
    public function getIterator(): \Generator
    {
        $names = $this->names();
        $rows = $this->count();
        for ($first = 0; $first < $rows; $first += 1000) {
            $count = min(1000, $rows - $first);
            $columns = array_map(fn (string $name) => $this->column($name, $first, $count), $names);
            for ($i = 0; $i < $count; ++$i) {
                yield $first + $i => array_combine($names, array_column($columns, $i));
            }
        }
    }

    /** 32 hex digits over input, options and version: equal fingerprints mean equal tables. */
    public function fingerprint(): string
    {
        return (string) $this->library->native()->clv_result_fingerprint($this->pointer());
    }

    public function writeCsv(string $path): void
    {
        $this->library->call('clv_result_write_csv', $this->pointer(), $path);
    }

    private function batch(): \FFI\CData
    {
        $pointer = $this->pointer();
        if ($this->batch === null) {
            $batch = $this->library->sized('clv_batch');
            $this->library->call('clv_result_batch', $pointer, \FFI::addr($batch));
            $this->batch = $batch;
        }
        return $this->batch;
    }

    private function find(string $name): \FFI\CData
    {
        $at = $this->library->native()->clv_result_find($this->pointer(), Memory::whole($name));
        if ($at < 0) {
            $names = implode(', ', $this->names());
            throw new \OutOfBoundsException("the table has no column '$name'; it has $names");
        }
        return $this->batch()->columns[$at];
    }

    private function items(\FFI\CData $column, string $format, int $first, int $count): array
    {
        $from = $this->library->native()->cast('int64_t *', $column->data) + $first;
        return array_values(unpack($format . '*', \FFI::string($from, 8 * $count)));
    }

    private function texts(\FFI\CData $column, int $first, int $count): array
    {
        $ends = $column->offsets;
        $begin = $ends[$first];
        $size = $ends[$first + $count] - $begin;
        $all = $size === 0 ? '' : \FFI::string($this->library->native()->cast('char *', $column->data) + $begin, $size);
        $texts = [];
        for ($row = $first; $row < $first + $count; ++$row) {
            $texts[] = substr($all, $ends[$row] - $begin, $ends[$row + 1] - $ends[$row]);
        }
        return $texts;
    }
}
