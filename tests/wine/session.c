/* For the tests alone: somebody who stays logged on. Wine ends its services with its last program. */

#include <windows.h>

int main(void)
{
    Sleep(INFINITE);
    return 0;
}
