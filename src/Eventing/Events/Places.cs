using System.Security.Cryptography;
using System.Text;

namespace Slipway.Eventing.Events;

/// <summary>Where events belong. What is computed here is written down in logs, so it must never change.</summary>
internal static class Places
{
    /// <summary>FNV-1a over the key's UTF-8: the same place on every machine and in every release.</summary>
    public static int Partition(string key, int partitions)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ one) * 1099511628211UL;
        }

        // The low bits of FNV mix badly for short keys.
        hash ^= hash >> 32;
        return (int)(hash % (ulong)partitions);
    }

    /// <summary>Equal for an event that is sent again.</summary>
    public static Guid Mark(CloudEvent told) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{told.Source}\n{told.Id}")).AsSpan(0, 16));
}
