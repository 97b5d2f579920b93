<?php
declare(strict_types=1);

namespace Clv;

/** A prepared model. */
final class Scorer extends Handle
{
    /** @internal */
    public function __construct(Library $library, \FFI\CData $pointer)
    {
        parent::__construct($library, $pointer, 'clv_scorer_free');
    }

    /**
     * The score of one customer from purchases, recency, age and mean spend.
     *
     * @return array<string, int|float> the fields of clv_score; NAN where absent
     */
    public function row(float $x, float $t_x, float $T, float $mean_spend = 0): array
    {
        $score = $this->library->sized('clv_score');
        [$score->x, $score->t_x, $score->T, $score->mean_spend] = [$x, $t_x, $T, $mean_spend];
        $this->library->call('clv_scorer_row', $this->pointer(), \FFI::addr($score));
        return self::fields($score);
    }

    /**
     * The score of a history on that day, the last one observed.
     *
     * @return array<string, int|float> as row()
     */
    public function history(History $history, int $asOfDay): array
    {
        $score = $this->library->sized('clv_score');
        $given = \FFI::addr($history->struct());
        $this->library->call('clv_scorer_history', $this->pointer(), $given, $asOfDay, \FFI::addr($score));
        return self::fields($score);
    }

    /** @internal @return array<string, int|float> the fields of a struct of numbers */
    public static function fields(\FFI\CData $struct): array
    {
        $fields = [];
        foreach (\FFI::typeof($struct)->getStructFieldNames() as $name) {
            $fields[$name] = $struct->$name;
        }
        unset($fields['struct_size']);
        return $fields;
    }
}
