<?php
declare(strict_types=1);

namespace Clv;

/**
 * What a score needs of one customer, carried on event by event. Its fields are integers and a float that a host
 * keeps in its own row and gives to Library::history() again.
 */
final class History
{
    private readonly \FFI\CData $struct;

    /** @internal @param array<string, int|float> $fields of clv_history */
    public function __construct(private readonly Library $library, array $fields)
    {
        $this->struct = (new Memory($library))->struct('clv_history', $fields);
    }

    /** An event of civil day `$day` since 1970-01-01, in the order of days; below 0 it is a refund. */
    public function add(int $day, int $amountMinor): self
    {
        $this->library->call('clv_history_add', \FFI::addr($this->struct), $day, $amountMinor);
        return $this;
    }

    /** @return array<string, int|float> to be kept */
    public function fields(): array
    {
        return Scorer::fields($this->struct);
    }

    /** @internal */
    public function struct(): \FFI\CData
    {
        return $this->struct;
    }
}
