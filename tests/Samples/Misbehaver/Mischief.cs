using System.Diagnostics;

namespace Slipway.Misbehaver;

internal static class Mischief
{
    private static readonly List<byte[]> s_leaked = [];

    /// <summary>Takes memory and touches it, so that it counts, until the kernel objects.</summary>
    public static void Leak()
    {
        while (true)
        {
            var block = GC.AllocateUninitializedArray<byte>(4 << 20);
            for (var i = 0; i < block.Length; i += 4096)
            {
                block[i] = 1;
            }

            s_leaked.Add(block);
        }
    }

    public static void Flood()
    {
        using var output = Console.OpenStandardOutput();
        var line = "all work and no play makes a dull log, all work and no play makes a dull log\n"u8.ToArray();
        var block = Enumerable.Repeat(line, 1000).SelectMany(text => text).ToArray();
        while (true)
        {
            output.Write(block);
        }
    }

    /// <summary>Children in sessions of their own that outlive their parent unless somebody looks after them.</summary>
    public static void Fork(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var child = Process.Start("/usr/bin/setsid", ["/bin/sh", "-c", "trap '' TERM; while true; do sleep 1000; done"]);
            Console.WriteLine($"child {child.Id}");
        }
    }
}
