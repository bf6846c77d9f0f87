/* For the tests alone: the one function of bcryptprimitives.dll that Rust's standard library calls,
   which wine 8 lacks. The package never holds this; Windows has its own. */

#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom, advapi32 */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
