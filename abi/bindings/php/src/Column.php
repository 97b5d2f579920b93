<?php
declare(strict_types=1);

namespace Clv;

/** Values of one column with the type that libclv is to read them as; null is an absent value. */
final class Column
{
    private function __construct(
        public readonly int $type,
        public readonly array $values,
        public readonly ?string $unit = null,
    ) {
    }

    /** @param list<int|float|null> $values */
    public static function numbers(array $values, ?string $unit = null): self
    {
        return new self(Constants::CLV_T_F64, $values, $unit);
    }

    /** @param list<int|null> $values */
    public static function integers(array $values): self
    {
        return new self(Constants::CLV_T_I64, $values);
    }

    /** @param list<int|null> $minor in cents or whatever the currency's smallest unit is */
    public static function money(array $minor, string $currency): self
    {
        return new self(Constants::CLV_T_MONEY, $minor, $currency);
    }

    /** @param list<int|\DateTimeInterface|null> $times integers: microseconds since 1970, UTC */
    public static function times(array $times): self
    {
        return new self(Constants::CLV_T_TIME, array_map(self::microseconds(...), $times));
    }

    /** @param list<string|null> $texts UTF-8 */
    public static function texts(array $texts): self
    {
        return new self(Constants::CLV_T_UTF8, $texts);
    }

    /** Strings are texts, integers stay exact, floats are numbers, dates are times. */
    public static function guessed(array $values): self
    {
        $kinds = [];
        foreach ($values as $value) {
            $kinds[$value instanceof \DateTimeInterface ? 'time' : get_debug_type($value)] = true;
        }
        unset($kinds['null']);
        return match (array_keys($kinds)) {
            ['string'] => self::texts($values),
            ['int'] => self::integers($values),
            ['time'] => self::times($values),
            [], ['float'], ['int', 'float'], ['float', 'int'] => self::numbers($values),
            default => throw new \InvalidArgumentException(
                'a column holds values of several types: ' . implode(', ', array_keys($kinds)),
            ),
        };
    }

    private static function microseconds(int|\DateTimeInterface|null $time): ?int
    {
        if (!$time instanceof \DateTimeInterface) {
            return $time;
        }
        return $time->getTimestamp() * 1_000_000 + (int) $time->format('u');
    }
}
