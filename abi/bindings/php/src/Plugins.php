<?php
declare(strict_types=1);

namespace Clv;

/** Loaded plugins. */
final class Plugins extends Handle
{
    /** @internal */
    public function __construct(Library $library)
    {
        $out = $library->native()->new('clv_plugins *');
        $library->call('clv_plugins_new', \FFI::addr($out));
        parent::__construct($library, $out, 'clv_plugins_free');
    }

    /** @param array<string, mixed> $options of clv_plugin_options */
    public function load(string $absolutePath, array $options = []): self
    {
        $memory = new Memory($this->library);
        $struct = $memory->struct('clv_plugin_options', $options);
        $this->library->call('clv_plugins_load', $this->pointer(), \FFI::addr($struct), $absolutePath);
        return $this;
    }

    /** Their instances anew, with another clock and seed: a further run without loading again. */
    public function renew(int $nowUs = 0, int $seed = 0): self
    {
        $this->library->call('clv_plugins_renew', $this->pointer(), $nowUs, $seed);
        return $this;
    }

    public function list(): Table
    {
        return $this->answer('clv_plugins_list');
    }

    /** What they have logged since the last call. */
    public function takeLog(): Table
    {
        return $this->answer('clv_plugins_take_log');
    }

    private function answer(string $function): Table
    {
        $out = $this->library->native()->new('clv_result *');
        $this->library->call($function, $this->pointer(), \FFI::addr($out));
        return new Table($this->library, $out);
    }
}
