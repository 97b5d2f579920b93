<?php
declare(strict_types=1);

namespace Clv;

/** A fitted model: immutable. */
final class Model extends Handle
{
    /** @internal */
    public function __construct(Library $library, \FFI\CData $pointer)
    {
        parent::__construct($library, $pointer, 'clv_model_free');
    }

    /** Parameters with errors, one row each. */
    public function table(): Table
    {
        $out = $this->library->native()->new('clv_result *');
        $this->library->call('clv_model_table', $this->pointer(), \FFI::addr($out));
        return new Table($this->library, $out);
    }

    /** As JSON, for Library::model(). */
    public function json(): string
    {
        $native = $this->library->native();
        $needed = $native->new('int64_t');
        $native->clv_model_save($this->pointer(), null, 0, \FFI::addr($needed), null);
        $size = $needed->cdata;
        $bytes = $native->new("char[$size]");
        $this->library->call('clv_model_save', $this->pointer(), $bytes, $size, \FFI::addr($needed));
        return \FFI::string($bytes, $size);
    }

    /** Scores single customers at once. @param array<string, mixed> $options of clv_score_options */
    public function scorer(array $options = []): Scorer
    {
        $memory = new Memory($this->library);
        $out = $this->library->native()->new('clv_scorer *');
        $struct = $memory->struct('clv_score_options', $options);
        $this->library->call('clv_scorer_new', \FFI::addr($struct), $this->pointer(), \FFI::addr($out));
        return new Scorer($this->library, $out);
    }
}
