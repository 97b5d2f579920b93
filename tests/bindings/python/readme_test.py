"""The Python of the binding's README does what it says."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import ORDERS, ROOT, libclv

BLOCK = re.compile(r"<!-- run -->\n```python\n(.*?)```", re.DOTALL)


@unittest.skipUnless("CLV_LIBRARY" in os.environ, "the README speaks of the installed package")
class Readme(unittest.TestCase):
    def test_its_example_runs(self):
        readme = (ROOT / "abi" / "bindings" / "python" / "README.md").read_text()
        blocks = BLOCK.findall(readme)
        self.assertEqual(len(blocks), 1)
        library = os.environ["CLV_LIBRARY"]
        text = blocks[0].replace("libclv.Clv()", f"libclv.Clv({library!r})")  # not installed here
        self.assertNotEqual(text, blocks[0])
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ORDERS, folder)
            done = subprocess.run(
                [sys.executable, "-c", text],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": os.path.dirname(os.path.dirname(libclv.__file__))},
                capture_output=True,
                text=True,
            )
            self.assertEqual(done.stderr, "")
            self.assertRegex(done.stdout, r"^c\d{6} \d+\.\d+ EUR\n$")
            self.assertTrue(os.path.exists(os.path.join(folder, "shop.clv")))


if __name__ == "__main__":
    unittest.main()
