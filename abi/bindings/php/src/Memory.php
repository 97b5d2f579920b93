<?php
declare(strict_types=1);

namespace Clv;

/** Structs, strings and arrays that live as long as it does: what one call hands to libclv. */
final class Memory
{
    private const BYTES = ['text', 'bytes']; // members that are not texts, but bytes with a size

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
            match (true) {
                $value === null => null,
                in_array($name, self::BYTES, true) => $struct->$name = $this->bytes($value),
                $name === 'answer' => $struct->answer = \FFI::addr($this->answer($value)),
                default => $this->fill($struct, $name, $value),
            };
        }
        return $this->keep($struct);
    }

    /** A string, NUL-terminated. */
    public function string(string $text): \FFI\CData
    {
        return $this->bytes(self::whole($text) . "\0");
    }

    /** @internal A text as C takes it, which would read it only as far as a zero byte. */
    public static function whole(string $text): string
    {
        if (str_contains($text, "\0")) {
            throw new \InvalidArgumentException('a text for libclv has a zero byte in it');
        }
        return $text;
    }

    /**
     * An array of C whose elements are addresses.
     *
     * @param list<\FFI\CData> $pointers
     */
    public function addresses(string $type, array $pointers): \FFI\CData
    {
        $native = $this->library->native();
        $count = max(1, count($pointers));
        $array = $this->keep($native->new("{$type}[$count]"));
        foreach ($pointers as $i => $pointer) {
            $array[$i] = $pointer;
        }
        return $native->cast("$type*", \FFI::addr($array[0]));
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

    private function fill(\FFI\CData $struct, string $name, mixed $value): void
    {
        if (is_array($value) && ($name === 'facts' || $name === 'inputs')) {
            $struct->{"n_$name"} = count($value);
            $struct->$name = $this->named($value);
        } elseif (is_array($value)) {
            $struct->$name = $this->field(Batch::of($this->library, $value));
        } else {
            $struct->$name = $this->field($value);
        }
    }

    /** What a repeat of a request is to be answered with: key, body_hash, bytes, now_us. */
    private function answer(array $fields): \FFI\CData
    {
        return $this->struct('clv_answer', $fields + ['n_bytes' => strlen($fields['bytes'] ?? '')]);
    }

    private function field(mixed $value): mixed
    {
        return match (true) {
            is_string($value) => $this->string($value),
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
