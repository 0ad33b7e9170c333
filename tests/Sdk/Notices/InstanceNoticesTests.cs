using Slipway.Sdk.Notices;

namespace Slipway.Sdk.Tests.Notices;

public sealed class InstanceNoticesTests
{
    [Fact]
    public void What_another_instance_wrote_is_heard_and_ones_own_is_not()
    {
        var (notices, reader) = (new InstanceNotices(null!, new NoticeChannel("x")), new Reader());

        notices.Read(InstanceNotices.Write("another", ["a", "b c"]), reader);
        notices.Read(InstanceNotices.Write(notices.Instance, ["mine"]), reader);

        Assert.Equal(["a", "b c"], reader.Heard);
        Assert.Equal(0, reader.Missed);
    }

    [Fact]
    public void Word_that_is_part_of_a_transaction_is_heard_by_everybody()
    {
        var (notices, reader) = (new InstanceNotices(null!, new NoticeChannel("x")), new Reader());

        notices.Read(InstanceNotices.Write("", ["all"]), reader);

        Assert.Equal(["all"], reader.Heard);
    }

    [Fact]
    public void More_than_a_notice_holds_becomes_everything()
    {
        var (notices, reader) = (new InstanceNotices(null!, new NoticeChannel("x")), new Reader());
        var text = InstanceNotices.Write("another", [.. Enumerable.Range(0, 500).Select(number => $"notice number {number}")]);

        notices.Read(text, reader);

        Assert.True(text.Length < 8_000);
        Assert.Empty(reader.Heard);
        Assert.Equal(1, reader.Missed);
    }

    private sealed class Reader : INoticeReader
    {
        public List<string> Heard { get; } = [];

        public int Missed { get; private set; }

        void INoticeReader.Heard(IReadOnlyList<string> notices) => Heard.AddRange(notices);

        void INoticeReader.Missed() => Missed++;

        void INoticeReader.Listening(bool hears)
        {
        }
    }
}
