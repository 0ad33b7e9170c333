using System.Globalization;

namespace Slipway.Runtime.Process;

internal readonly record struct AccountEntry(string Name, int Id, int? Group);

/// <summary>The users and groups that the files of a host or an unpacked image name.</summary>
internal sealed record AccountBook(IReadOnlyList<AccountEntry> Users, IReadOnlyList<AccountEntry> Groups)
{
    // Ten thousand accounts; what is longer is no account file.
    private const long BytesMax = 1 << 20;

    public static AccountBook Empty { get; } = new([], []);

    /// <summary>A file that is missing names nobody.</summary>
    public static AccountBook Read(string root) =>
        new(Parse(Text(Path.Join(root, "etc/passwd")), groupField: 3), Parse(Text(Path.Join(root, "etc/group")), groupField: null));

    public static IReadOnlyList<AccountEntry> Parse(string text, int? groupField)
    {
        var entries = new List<AccountEntry>();
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Trim().Split(':');
            if (fields.Length > (groupField ?? 2) && fields[0].Length > 0 && Number(fields[2]) is { } id)
            {
                entries.Add(new AccountEntry(fields[0], id, groupField is { } field ? Number(fields[field]) : null));
            }
        }

        return entries;
    }

    /// <summary>The user behind a number or a name; numbers need no entry.</summary>
    public AccountEntry? User(string text) => Find(Users, text);

    public AccountEntry? Group(string text) => Find(Groups, text);

    public AccountEntry? User(int id) => Users.Where(entry => entry.Id == id).Select(entry => (AccountEntry?)entry).FirstOrDefault();

    public AccountEntry? Group(int id) => Groups.Where(entry => entry.Id == id).Select(entry => (AccountEntry?)entry).FirstOrDefault();

    private static AccountEntry? Find(IReadOnlyList<AccountEntry> entries, string text)
    {
        if (Number(text) is { } id)
        {
            return entries.Where(entry => entry.Id == id).Append(new AccountEntry(text, id, null)).First();
        }

        return entries.Where(entry => entry.Name == text).Select(entry => (AccountEntry?)entry).FirstOrDefault();
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(string path)
    {
        try
        {
            // A link of an image could lead to anything of the host.
            var file = new FileInfo(path);
            return file.Exists && file.LinkTarget is null && file.Length <= BytesMax ? File.ReadAllText(path) : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
