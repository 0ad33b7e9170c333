using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.Runtime.Process.Native;

/// <summary>
/// Makes one thread another user, for good. Linux keeps users per thread; the C library's setuid would change all
/// threads, so the kernel is called directly. The thread must end after its work.
/// </summary>
internal static class ThreadUser
{
    private const int NoNewPrivileges = 38;

    private static readonly (int SetGroups, int SetGroup, int SetUser)? s_numbers = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (116, 119, 117),
        Architecture.Arm64 => (159, 149, 147),
        _ => null,
    };

    public static bool IsSupported => s_numbers is not null && LibC.EffectiveUser() == 0;

    public static void Become(uint user)
    {
        var (setGroups, setGroup, setUser) = s_numbers ?? throw new PlatformNotSupportedException();
        var id = (nint)user;
        Check(LibC.SystemCall(setGroups, 0, 0, 0));
        Check(LibC.SystemCall(setGroup, id, id, id));
        Check(LibC.SystemCall(setUser, id, id, id));

        // No set-uid program can lift the instance above its user again.
        Check(LibC.ProcessControl(NoNewPrivileges, 1, 0, 0, 0));
    }

    private static void Check(nint result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
