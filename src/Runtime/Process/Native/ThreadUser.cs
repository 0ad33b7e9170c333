using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Slipway.Runtime.Process.Native;

/// <summary>Whom an instance runs as, with real, effective and saved ids alike.</summary>
internal readonly record struct InstanceUser(int Id, int Group);

/// <summary>
/// Does work as another user. Linux keeps users per thread; the C library's setuid would change all threads, so the
/// kernel is called directly, on a thread that ends after its work.
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

    /// <summary>Runs the work on a thread that is this user for good; without a user, here and as ourselves.</summary>
    public static T Run<T>(InstanceUser? user, Func<T> work)
    {
        if (user is not { } other)
        {
            return work();
        }

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Become(other);
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { Name = "slipway-as-user", IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private static void Become(InstanceUser user)
    {
        var (setGroups, setGroup, setUser) = s_numbers ?? throw new PlatformNotSupportedException();
        Check(LibC.SystemCall(setGroups, 0, 0, 0));
        Check(LibC.SystemCall(setGroup, user.Group, user.Group, user.Group));
        Check(LibC.SystemCall(setUser, user.Id, user.Id, user.Id));

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
