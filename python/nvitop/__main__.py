"""``python -m nvitop`` is ``nvitop``."""

from nvitop.cli import main

if __name__ == '__main__':
    main()
