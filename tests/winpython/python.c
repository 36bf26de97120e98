/* The program of a Python for Windows, for a python311.dll beside it that has come without one. */
#include <stddef.h>

__declspec(dllimport) int Py_Main(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    return Py_Main(argc, argv);
}
