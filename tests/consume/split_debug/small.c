static int found_by_its_line_only(int n) {
  return n * 2;
}
__attribute__((visibility("default"))) int small_double(int n) {
  return found_by_its_line_only(n);
}
