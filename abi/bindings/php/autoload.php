<?php
// For those without Composer: require this file once.
declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/src/' . substr($class, 4) . '.php';
    if (str_starts_with($class, 'Clv\\') && is_file($file)) {
        require_once $file;
    }
});
