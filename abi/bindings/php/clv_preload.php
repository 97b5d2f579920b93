<?php
/**
 * For php.ini of php-fpm, where FFI is allowed to preloaded files only:
 *   ffi.enable = preload
 *   opcache.preload = /path/to/clv_preload.php
 * Started as root (opcache.preload_user is set), PHP cannot load a library from here; then also
 *   ffi.preload = /path/to/clv_scope.h
 */
declare(strict_types=1);

require __DIR__ . '/autoload.php';
foreach (glob(__DIR__ . '/src/*.php') as $file) {
    require_once $file;
}

try {
    FFI::scope('CLV');
} catch (FFI\Exception) {
    FFI::load(__DIR__ . '/clv_scope.h');
}
