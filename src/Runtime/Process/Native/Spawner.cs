using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Runtime.Process.Native;

/// <summary>
/// Starts a program in a session of its own with nothing of ours in its hands: no descriptors beyond 0, 1 and 2, no
/// ignored signals, no signal mask. .NET's own process class can do none of these.
/// </summary>
internal static unsafe class Spawner
{
    // Both C libraries need less than 400 bytes for each of these structures.
    private const int StructureBytes = 1024;

    // Copies go through high numbers first, since a source may itself be one of the low targets.
    private const int FirstTarget = 900;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    /// <summary>
    /// Returns the pid; throws <see cref="Win32Exception"/> with the reason of the C library otherwise. With a user, the
    /// call is made by a thread that has become that user for good, so nothing the environment can influence (the
    /// loader, the shell) ever runs with our rights.
    /// </summary>
    /// <param name="handles">Become descriptors 1, 2, 3 … of the program, in this order.</param>
    public static int Spawn(string program, IReadOnlyList<string> argv, IReadOnlyList<KeyValuePair<string, string>> environment, IReadOnlyList<SafeFileHandle> handles, InstanceUser? user) =>
        ThreadUser.Run(user, () => SpawnHere(program, argv, environment, handles));

    private static int SpawnHere(string program, IReadOnlyList<string> argv, IReadOnlyList<KeyValuePair<string, string>> environment, IReadOnlyList<SafeFileHandle> handles)
    {
        var actions = stackalloc byte[StructureBytes];
        var attributes = stackalloc byte[StructureBytes];
        var signals = stackalloc byte[StructureBytes];
        Check(LibC.ActionsInit(actions));
        Check(LibC.AttributesInit(attributes));
        byte** arguments = null;
        byte** variables = null;
        var borrowed = 0;
        try
        {
            Check(LibC.ActionsOpen(actions, 0, "/dev/null", LibC.OpenReadOnly, 0));
            for (; borrowed < handles.Count; borrowed++)
            {
                var added = false;
                handles[borrowed].DangerousAddRef(ref added);
                Check(LibC.ActionsDuplicate(actions, (int)handles[borrowed].DangerousGetHandle(), FirstTarget + borrowed));
            }

            for (var i = 0; i < handles.Count; i++)
            {
                Check(LibC.ActionsDuplicate(actions, FirstTarget + i, 1 + i));
            }

            CloseTheRest(actions, 1 + handles.Count);

            // The runtime ignores SIGPIPE and may block others; a program that inherits that misbehaves in pipelines.
            Check(LibC.AttributesSetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession));
            Check(LibC.SignalsAll(signals));
            Check(LibC.AttributesSetDefaultSignals(attributes, signals));
            Check(LibC.SignalsNone(signals));
            Check(LibC.AttributesSetSignalMask(attributes, signals));

            arguments = Strings(argv);
            variables = Strings([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
            Check(LibC.Spawn(out var pid, program, actions, attributes, arguments, variables));
            return pid;
        }
        finally
        {
            while (borrowed-- > 0)
            {
                handles[borrowed].DangerousRelease();
            }

            Free(arguments);
            Free(variables);
            _ = LibC.AttributesDestroy(attributes);
            _ = LibC.ActionsDestroy(actions);
        }
    }

    private static void CloseTheRest(byte* actions, int first)
    {
        try
        {
            Check(LibC.ActionsCloseFrom(actions, first));
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such call. Every descriptor the runtime opens is close-on-exec, so nothing is lost with it.
        }
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        var strings = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            strings[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return strings;
    }

    private static void Free(byte** strings)
    {
        if (strings is null)
        {
            return;
        }

        for (var i = 0; strings[i] is not null; i++)
        {
            // Environments carry secrets; they do not stay behind in freed memory.
            Marshal.ZeroFreeCoTaskMemUTF8((nint)strings[i]);
        }

        NativeMemory.Free(strings);
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }
}
