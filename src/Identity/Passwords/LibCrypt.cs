using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Identity.Passwords;

/// <summary>The C library's <c>crypt_r</c>, which knows bcrypt on every Linux. Absent elsewhere, which <see cref="IsPresent"/> tells.</summary>
internal static unsafe class LibCrypt
{
    /// <summary>Size of <c>struct crypt_data</c> in libxcrypt; glibc's older one is 131,232 bytes, so the larger of both is given.</summary>
    private const int WorkspaceBytes = 131_232 + 4096;

    /// <summary>libxcrypt refuses longer phrases, counting the terminating zero.</summary>
    private const int PhraseBytesMax = 511;

    private static readonly string[] s_names = ["libcrypt.so.1", "libcrypt.so.2", "libcrypt.so"];

    private static readonly delegate* unmanaged<byte*, byte*, void*, byte*> s_crypt = Find();

    /// <summary>Loaded, and it computes a published bcrypt vector correctly: some builds are made without bcrypt.</summary>
    public static bool IsPresent { get; } = s_crypt is not null && KnowsBcrypt();

    /// <summary>The hash of a phrase under a setting such as <c>$2b$10$</c> and a salt; null when the library refuses the setting.</summary>
    public static string? Hash(ReadOnlySpan<byte> phrase, string setting)
    {
        if (s_crypt is null)
        {
            throw new PlatformNotSupportedException("This system has no libcrypt.");
        }

        if (phrase.Length > PhraseBytesMax || phrase.Contains((byte)0))
        {
            return null;
        }

        var key = ArrayPool<byte>.Shared.Rent(phrase.Length + 1);
        var salt = Encoding.ASCII.GetBytes(setting + '\0');
        var workspace = NativeMemory.AllocZeroed(WorkspaceBytes);
        try
        {
            phrase.CopyTo(key);
            key[phrase.Length] = 0;
            fixed (byte* keyAt = key, saltAt = salt)
            {
                var hash = Marshal.PtrToStringAnsi((nint)s_crypt(keyAt, saltAt, workspace));
                return hash is null or ['*', ..] ? null : hash;
            }
        }
        finally
        {
            // The phrase was copied to both places; neither may be found in a memory dump later.
            NativeMemory.Clear(workspace, WorkspaceBytes);
            NativeMemory.Free(workspace);
            ArrayPool<byte>.Shared.Return(key, clearArray: true);
        }
    }

    private static delegate* unmanaged<byte*, byte*, void*, byte*> Find()
    {
        foreach (var name in s_names)
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "crypt_r", out var export))
            {
                return (delegate* unmanaged<byte*, byte*, void*, byte*>)export;
            }
        }

        return null;
    }

    private static bool KnowsBcrypt()
    {
        const string Vector = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        return Hash("U*U"u8, Vector) == Vector;
    }
}
