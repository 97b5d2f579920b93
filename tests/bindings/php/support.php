<?php
// What the tests of the binding for PHP have in common.
declare(strict_types=1);

require __DIR__ . '/../../../abi/bindings/php/autoload.php';

function same(mixed $wanted, mixed $got): void
{
    if ($wanted !== $got) {
        throw new Exception('wanted ' . var_export($wanted, true) . ', got ' . var_export($got, true));
    }
}

function thrown(string $class, callable $act): Throwable
{
    try {
        $act();
    } catch (Throwable $wrong) {
        if ($wrong instanceof $class) {
            return $wrong;
        }
        throw $wrong;
    }
    throw new Exception("no $class was thrown");
}

/** Runs them all; the exit status. @param array<string, callable> $tests */
function passed(array $tests): int
{
    $failed = 0;
    foreach ($tests as $name => $test) {
        try {
            $test();
        } catch (Throwable $wrong) {
            ++$failed;
            fprintf(STDERR, "FAILED: %s\n  %s\n", $name, $wrong);
        }
    }
    printf("%d of %d tests passed\n", count($tests) - $failed, count($tests));
    return $failed === 0 ? 0 : 1;
}
