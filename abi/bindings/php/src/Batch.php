<?php
declare(strict_types=1);

namespace Clv;

/** Columns as libclv reads them: made of PHP arrays, or borrowed from a table. */
final class Batch
{
    private readonly Memory $memory;
    private readonly \FFI\CData $struct;

    /** @param array<string, array|Column>|Table $columns column by name, or an answer of libclv */
    public static function of(Library $library, array|Table $columns): self
    {
        return new self($library, $columns);
    }

    /** @internal */
    public function struct(): \FFI\CData
    {
        return $this->struct;
    }

    private function __construct(private readonly Library $library, array|Table $columns)
    {
        $this->memory = new Memory($library);
        $this->struct = $library->sized('clv_batch');
        if ($columns instanceof Table) {
            $this->memory->keep($columns);
            $library->call('clv_result_batch', $columns->pointer(), \FFI::addr($this->struct));
        } else {
            $this->fill($columns);
        }
    }

    private function fill(array $columns): void
    {
        $native = $this->library->native();
        $count = count($columns);
        $this->struct->n_columns = $count;
        if ($count === 0) {
            return;
        }
        $described = $this->memory->keep($native->new("clv_column[$count]"));
        $this->struct->columns = $native->cast('clv_column *', $described);
        $rows = null;
        $i = 0;
        foreach ($columns as $name => $column) {
            $column = $column instanceof Column ? $column : Column::guessed($column);
            $rows ??= count($column->values);
            if (count($column->values) !== $rows) {
                $has = count($column->values);
                throw new \InvalidArgumentException("column '$name' has $has rows, the first has $rows");
            }
            $this->describe($described[$i++], (string) $name, $column);
        }
        $this->struct->n_rows = $rows;
    }

    private function describe(\FFI\CData $out, string $name, Column $column): void
    {
        $values = array_values($column->values);
        $out->name = $this->memory->string($name);
        $out->type = $column->type;
        if ($column->unit !== null) {
            $out->unit = $this->memory->string($column->unit);
        }
        if ($column->type === Constants::CLV_T_UTF8) {
            $this->texts($out, $name, $values);
        } else {
            $this->items($out, $name, $values);
        }
        if (in_array(null, $values, true)) {
            $out->validity = $this->pointer('uint8_t *', $this->bits($values));
        }
    }

    private function texts(\FFI\CData $out, string $name, array $texts): void
    {
        $end = 0;
        $ends = [0];
        foreach ($texts as $row => $text) {
            if ($text !== null && !is_string($text)) {
                throw self::wrong($name, $row, 'text', $text);
            }
            $ends[] = $end += strlen($text ?? '');
        }
        $out->data = $this->memory->bytes(implode('', $texts) ?: "\0");
        $out->offsets = $this->pointer('int64_t *', self::packed('q', $ends));
    }

    private function items(\FFI\CData $out, string $name, array $items): void
    {
        $numbers = $out->type === Constants::CLV_T_F64;
        foreach ($items as $row => $item) {
            if ($item !== null && !is_int($item) && !($numbers && is_float($item))) {
                throw self::wrong($name, $row, $numbers ? 'number' : 'integer', $item);
            }
            $items[$row] = $item ?? 0;
        }
        $out->data = $this->memory->bytes(self::packed($numbers ? 'd' : 'q', $items) ?: "\0");
    }

    /** Bit i % 8 of byte i / 8 is set where row i is present. */
    private function bits(array $values): string
    {
        $bytes = '';
        foreach (array_chunk($values, 8) as $eight) {
            $byte = 0;
            foreach ($eight as $bit => $value) {
                $byte |= $value === null ? 0 : 1 << $bit;
            }
            $bytes .= chr($byte);
        }
        return $bytes;
    }

    private function pointer(string $type, string $bytes): \FFI\CData
    {
        return $this->library->native()->cast($type, $this->memory->bytes($bytes));
    }

    private static function packed(string $format, array $values): string
    {
        $bytes = '';
        foreach (array_chunk($values, 10_000) as $some) {
            $bytes .= pack($format . '*', ...$some);
        }
        return $bytes;
    }

    private static function wrong(string $name, int $row, string $wanted, mixed $value): \TypeError
    {
        $n = $row + 1;
        return new \TypeError("row $n, column '$name': a $wanted is needed, not " . get_debug_type($value));
    }
}
