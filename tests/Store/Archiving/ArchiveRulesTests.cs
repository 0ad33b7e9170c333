using Slipway.Store.Archiving;

namespace Slipway.Store.Tests.Archiving;

public sealed class ArchiveRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly ArchiveSettings s_week = new(7);

    [Fact]
    public void Nothing_goes_before_the_first_copy_is_made() =>
        Assert.Empty(ArchiveRules.Superfluous([], [Segment(1)], s_now, s_week));

    [Fact]
    public void The_copy_that_the_first_moment_of_the_week_stands_on_stays_with_its_log()
    {
        var bases = new[] { Copy(daysAgo: 9, segment: 10), Copy(daysAgo: 8, segment: 20), Copy(daysAgo: 6, segment: 30), Copy(daysAgo: 0, segment: 40) };

        Assert.Equal(["base-9", "wal-19"], ArchiveRules.Superfluous(bases, [Segment(19), Segment(20), Segment(35)], s_now, s_week));
    }

    [Fact]
    public void The_only_copy_stays_however_old_it_is() =>
        Assert.Equal(["wal-9"], ArchiveRules.Superfluous([Copy(daysAgo: 400, segment: 10)], [Segment(9), Segment(10)], s_now, s_week));

    [Fact]
    public void Beyond_the_bytes_the_oldest_days_go_but_never_the_newest_copy()
    {
        var bases = new[] { Copy(daysAgo: 3, segment: 10), Copy(daysAgo: 2, segment: 20), Copy(daysAgo: 1, segment: 30) };

        Assert.Equal(["base-3", "wal-15"], ArchiveRules.Superfluous(bases, [Segment(15), Segment(25)], s_now, s_week with { BytesMax = 210 }));
        Assert.Equal(["base-3", "base-2", "wal-15", "wal-25"], ArchiveRules.Superfluous(bases, [Segment(15), Segment(25)], s_now, s_week with { BytesMax = 1 }));
    }

    [Fact]
    public void A_recovery_begins_with_the_newest_copy_that_was_complete_by_then()
    {
        var bases = new[] { Copy(daysAgo: 3, segment: 10), Copy(daysAgo: 1, segment: 30) };

        Assert.Equal("base-3", ArchiveRules.BaseFor(bases, s_now.AddDays(-2))?.Path);
        Assert.Equal("base-1", ArchiveRules.BaseFor(bases, s_now)?.Path);
        Assert.Null(ArchiveRules.BaseFor(bases, s_now.AddDays(-4)));
    }

    [Fact]
    public void A_file_that_is_not_finished_is_no_copy()
    {
        using var folder = new TemporaryFolder();
        var name = BaseBackup.NameOf(s_now, Name(2));

        Assert.Equal(s_now, BaseBackup.Of(File(name))?.CompleteAt);
        Assert.Null(BaseBackup.Of(File(name + ArchiveFolder.Unfinished)));
        Assert.Equal(Name(2), WalFile.Of(File(Name(2) + WalFile.Ending))?.Segment);
        Assert.Null(WalFile.Of(File(Name(2) + WalFile.Ending + ArchiveFolder.Unfinished)));
        Assert.Null(WalFile.Of(File("00000002.history.gz")));

        FileInfo File(string called)
        {
            var path = Path.Combine(folder.Path, called);
            System.IO.File.WriteAllText(path, "");
            return new FileInfo(path);
        }
    }

    private static BaseBackup Copy(int daysAgo, int segment) => new($"base-{daysAgo}", s_now.AddDays(-daysAgo), Name(segment), 100);

    private static WalFile Segment(int number) => new($"wal-{number}", Name(number), 5);

    private static string Name(int segment) => $"0000000100000000{segment:X8}";
}
