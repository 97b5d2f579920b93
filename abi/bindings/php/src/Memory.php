<?php
declare(strict_types=1);

namespace Clv;

/** Structs, strings and arrays that live as long as it does: what one call hands to libclv. */
final class Memory
{
    /** @var list<object> */
    private array $kept = [];

    /** @internal */
    public function __construct(private readonly Library $library)
    {
    }

    /**
     * A struct of that name with the fields given; what is not given is the default.
     *
     * @param array<string, mixed> $fields
     */
    public function struct(string $type, array $fields): \FFI\CData
    {
        $struct = $this->library->sized($type);
        $known = \FFI::typeof($struct)->getStructFieldNames();
        foreach ($fields as $name => $value) {
            if ($name === 'struct_size' || !in_array($name, $known, true)) {
                throw new \InvalidArgumentException("$type has no field '$name'");
            }
            if (is_array($value)) {
                $struct->{"n_$name"} = count($value);
            }
            if ($value !== null) {
                $struct->$name = $this->field($value);
            }
        }
        return $this->keep($struct);
    }

    /** A string, NUL-terminated. */
    public function string(string $text): \FFI\CData
    {
        if (str_contains($text, "\0")) {
            throw new \InvalidArgumentException('a text for libclv has a zero byte in it');
        }
        return $this->bytes($text . "\0");
    }

    /** Bytes as they are; NULL for none. */
    public function bytes(string $bytes): ?\FFI\CData
    {
        $size = strlen($bytes);
        if ($size === 0) {
            return null;
        }
        $chars = $this->keep($this->library->native()->new("char[$size]"));
        \FFI::memcpy($chars, $bytes, $size);
        return $this->library->native()->cast('char *', $chars);
    }

    /** @template T of object @param T $what @return T */
    public function keep(object $what): object
    {
        return $this->kept[] = $what;
    }

    /** @internal What a C string says; NULL stays null. */
    public static function text(\FFI\CData|string|null $chars): ?string
    {
        return $chars instanceof \FFI\CData ? \FFI::string($chars) : $chars;
    }

    private function field(mixed $value): mixed
    {
        return match (true) {
            is_string($value) => $this->string($value),
            is_array($value) => $this->named($value),
            $value instanceof Batch => \FFI::addr($this->keep($value)->struct()),
            $value instanceof Table => \FFI::addr($this->keep(Batch::of($this->library, $value))->struct()),
            $value instanceof Handle => $this->keep($value)->pointer(),
            default => $value,
        };
    }

    /**
     * Tables by name, as "facts" and "inputs" take them.
     *
     * @param array<string, array|Table> $tables
     */
    private function named(array $tables): ?\FFI\CData
    {
        $count = count($tables);
        if ($count === 0) {
            return null;
        }
        $native = $this->library->native();
        $entries = $this->keep($native->new("clv_named_batch[$count]"));
        $i = 0;
        foreach ($tables as $name => $table) {
            $batch = $this->keep(Batch::of($this->library, $table));
            $entries[$i]->name = $this->string((string) $name);
            $entries[$i]->batch = \FFI::addr($batch->struct());
            ++$i;
        }
        return $native->cast('clv_named_batch *', $entries);
    }
}
