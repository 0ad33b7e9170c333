using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Registry.Packing;

/// <summary>
/// Tells files from pipes, sockets and devices, which the framework does not; opening a pipe to find out would wait forever.
/// </summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeOnly = 1;
    private const int AnswerBytes = 256;
    private const int ModeOffset = 28;
    private const int KindMask = 0xF000;
    private const int RegularKind = 0x8000;

    public static bool IsRegular(string path)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        return Status(CurrentFolder, path, DoNotFollow, TypeOnly, answer) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]) & KindMask) == RegularKind;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, Span<byte> answer);
}
