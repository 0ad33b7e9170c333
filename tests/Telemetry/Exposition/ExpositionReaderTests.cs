using System.Globalization;
using System.Text;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Tests.Metrics;

namespace Slipway.Telemetry.Tests.Exposition;

public sealed class ExpositionReaderTests
{
    private const long At = 1_700_000_000_000;

    [Theory]
    [InlineData("up 1", "up", 1, At)]
    [InlineData("up{} 1", "up", 1, At)]
    [InlineData("up{job=\"shop\"} 1.5e3", "up{job=\"shop\"}", 1500, At)]
    [InlineData("up { job = \"shop\" , zone=\"a\", }\t-4 1395066363000", "up{job=\"shop\",zone=\"a\"}", -4, 1395066363000)]
    [InlineData("a:b_c{p=\"C:\\\\DIR\\\\F.TXT\",e=\"no\\nfile \\\"F}\\\"\"} +Inf", "a:b_c{e=\"no\\nfile \\\"F}\\\"\",p=\"C:\\\\DIR\\\\F.TXT\"}", double.PositiveInfinity, At)]
    [InlineData("up -inf -5", "up", double.NegativeInfinity, -5)]
    [InlineData("up NaN", "up", double.NaN, At)]
    [InlineData("up{empty=\"\"} 1", "up", 1, At)]
    [InlineData("up 0.1 \r", "up", 0.1, At)]
    [InlineData("{\"http.requests\",\"http.method\"=\"GET\"} 7", "http.requests{http.method=\"GET\"}", 7, At)]
    [InlineData("up{ä=\"x\"} 1", null, 0, 0)]
    [InlineData("up{\"ä\"=\"x\"} 1", "up{ä=\"x\"}", 1, At)]
    public void A_line_of_the_text_form_is_a_sample(string line, string? series, double value, long at)
    {
        var reader = new ExpositionReader(LabelSet.Empty);
        var failure = reader.Read(Encoding.UTF8.GetBytes(line), ExpositionForm.Text, At);
        if (series is null)
        {
            Assert.Equal("bad-exposition", failure!.Code);
            return;
        }

        Assert.Null(failure);
        var sample = Assert.Single(reader.Samples.ToArray());
        Assert.Equal((series, value, at), (sample.Series.ToString(), sample.Value, sample.At));
    }

    [Theory]
    [InlineData("up 1\nup{a=\"b\" 1", "line 2: '}' is missing")]
    [InlineData("up", "line 1: the series up has no value")]
    [InlineData("up x", "line 1: 'x' is no number")]
    [InlineData("up 1 soon", "line 1: 'soon' is no time")]
    [InlineData("up 1 2 3", "line 1: '3' stands behind the sample")]
    [InlineData("\n\n9up 1", "line 3: '9up' is no name of a metric: letters, digits, '_' and ':', not starting with a digit")]
    [InlineData("up{a=\"1\",a=\"2\"} 1", "line 1: the label a comes twice or may not be used")]
    [InlineData("up{__name__=\"1\"} 1", "line 1: the label __name__ comes twice or may not be used")]
    [InlineData("up{a} 1", "line 1: '=' is missing behind the label a")]
    [InlineData("up{a=1} 1", "line 1: the value of the label a is not in quotation marks, not closed, or longer than 4096 bytes")]
    [InlineData("up{a=\"1\"b=\"2\"} 1", "line 1: ',' is missing between labels")]
    [InlineData("{a=\"1\"} 1", "line 1: the series has no name")]
    [InlineData("# TYPE up thing", "line 1: 'thing' is no kind of metric")]
    [InlineData("up 1 # {a=\"b\"} 1", "line 1: '# {a=\"b\"} 1' stands behind the sample")]
    public void A_mistake_is_told_with_its_line(string page, string detail)
    {
        var reader = new ExpositionReader(LabelSet.Empty);
        var failure = reader.Read(Encoding.UTF8.GetBytes(page), ExpositionForm.Text, At);
        Assert.Equal(detail, failure!.Detail);
        Assert.True(reader.Samples.IsEmpty);
    }

    [Fact]
    public void OpenMetrics_has_exemplars_units_times_in_seconds_and_an_end()
    {
        var reader = new ExpositionReader(LabelSet.Empty);
        Assert.Null(reader.Read(Bytes(
            """
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            # HELP wait_seconds How long \"they\" wait.
            wait_seconds_bucket{le="0.1"} 8 1520879607.789 # {trace_id="ab{c}"} 0.067 1520879607.7
            wait_seconds_bucket{le="+Inf"} 17 # {} 9.8
            wait_seconds_count 17
            # EOF
            """), ExpositionForm.OpenMetrics, At));
        var samples = reader.Samples.ToArray();
        Assert.Equal([1520879607789, At, At], samples.Select(sample => sample.At));
        Assert.Equal(new Exemplar(LabelSet.Of(("trace_id", "ab{c}")), 0.067, 1520879607700), samples[0].Exemplar);
        Assert.Equal(new Exemplar(LabelSet.Empty, 9.8, At), samples[1].Exemplar);
        Assert.Null(samples[2].Exemplar);
        Assert.Equal(new MetricMetadata("wait_seconds", "histogram", "How long \"they\" wait.", "seconds"), Assert.Single(reader.Metadata));
    }

    [Theory]
    [InlineData("up 1\n", "does not end with # EOF")]
    [InlineData("up 1\n# EOF\nup 2\n", "something follows # EOF")]
    [InlineData("up 1 # {a=\"b\"} \n# EOF\n", "the exemplar has no value")]
    [InlineData("up 1 # a 1\n# EOF\n", "an exemplar is not")]
    public void OpenMetrics_that_is_cut_off_or_odd_is_refused(string page, string detail) =>
        Assert.Contains(detail, new ExpositionReader(LabelSet.Empty).Read(Encoding.UTF8.GetBytes(page), ExpositionForm.OpenMetrics, At)!.Detail, StringComparison.Ordinal);

    [Fact]
    public void The_target_gives_its_labels_and_what_the_page_says_otherwise_is_exported()
    {
        var reader = new ExpositionReader(LabelSet.Of(("service", "shop"), ("instance", "i1")));
        Assert.Null(reader.Read(Bytes("up{service=\"other\",instance=\"i1\",exported_service=\"x\"} 1"), ExpositionForm.Text, At));
        Assert.Equal(
            LabelSet.Of((LabelSet.MetricName, "up"), ("service", "shop"), ("instance", "i1"), ("exported_service", "x"), ("exported_exported_service", "other")),
            reader.Samples[0].Series);
    }

    [Fact]
    public void A_series_that_is_no_more_on_the_page_has_vanished()
    {
        var reader = new ExpositionReader(LabelSet.Empty);
        Assert.Null(reader.Read(Bytes("a 1\nb{x=\"1\",y=\"2\"} 1\nc 1\nd 1 5"), ExpositionForm.Text, At));
        Assert.Empty(reader.Vanished);
        Assert.NotNull(reader.Read(Bytes("a 1\n!"), ExpositionForm.Text, At));
        Assert.Empty(reader.Vanished);
        Assert.Null(reader.Read(Bytes("a 1\nb{y=\"2\",x=\"1\"} 1"), ExpositionForm.Text, At));
        Assert.Equal(["c"], reader.Vanished.Select(series => series.ToString()));
        Assert.Equal(["a", "b{x=\"1\",y=\"2\"}"], reader.Known.Select(series => series.ToString()).Order());
        Assert.Null(reader.Read(Bytes("a 1"), ExpositionForm.Text, At));
        Assert.Equal(["b{x=\"1\",y=\"2\"}"], reader.Vanished.Select(series => series.ToString()));
    }

    [Fact]
    public void Metadata_is_told_when_it_is_new_or_has_changed()
    {
        var reader = new ExpositionReader(LabelSet.Empty);
        Assert.Null(reader.Read(Bytes("# TYPE a counter\n# HELP a x\n# a remark\na 1"), ExpositionForm.Text, At));
        Assert.Equal(new MetricMetadata("a", "counter", "x", ""), Assert.Single(reader.Metadata));
        Assert.Null(reader.Read(Bytes("# TYPE a counter\n# HELP a x\na 2"), ExpositionForm.Text, At));
        Assert.Empty(reader.Metadata);
        Assert.NotNull(reader.Read(Bytes("# HELP a y\n!"), ExpositionForm.Text, At));
        Assert.Null(reader.Read(Bytes("# HELP a y"), ExpositionForm.Text, At));
        Assert.Equal("y", Assert.Single(reader.Metadata).Help);
    }

    [Fact]
    public void Pages_beyond_a_bound_are_refused()
    {
        var limits = new ExpositionLimits { LineBytesMax = 100, LinesMax = 10, SamplesMax = 5, LabelsMax = 3 };
        Assert.Contains("bytes, more than 100", Refusal("a{b=\"" + new string('x', 200) + "\"} 1"), StringComparison.Ordinal);
        Assert.Contains("more than 10 lines", Refusal(new string('\n', 20) + "a 1"), StringComparison.Ordinal);
        Assert.Contains("more than 5 samples", Refusal(string.Concat(Enumerable.Range(0, 7).Select(i => $"a{i} 1\n"))), StringComparison.Ordinal);
        Assert.Contains("more than 3 labels", Refusal("a{b=\"1\",c=\"1\",d=\"1\",e=\"1\"} 1"), StringComparison.Ordinal);

        string Refusal(string page) => new ExpositionReader(LabelSet.Empty, limits).Read(Bytes(page), ExpositionForm.Text, At)!.Detail;
    }

    [Fact]
    public void A_page_of_known_series_costs_no_memory()
    {
        var page = Bytes(string.Concat(Enumerable.Range(0, 500).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"# HELP m{i} Help of it.\n# TYPE m{i} gauge\nm{i}{{path=\"/a/{i}\",code=\"200\"}} {i / 3.0}\n"))));
        var reader = new ExpositionReader(LabelSet.Of(("job", "shop")));
        Assert.Null(reader.Read(page, ExpositionForm.Text, At));
        Assert.Null(reader.Read(page, ExpositionForm.Text, At + 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(reader.Read(page, ExpositionForm.Text, At + 2));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.Equal(500, reader.Samples.Length);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Property.Holds(2_000, dice =>
    {
        var page = Hostile(dice);
        var form = dice.Next(2) == 0 ? ExpositionForm.Text : ExpositionForm.OpenMetrics;
        var reader = new ExpositionReader(LabelSet.Of(("job", "shop")), new ExpositionLimits { LineBytesMax = 200 });
        var failure = reader.Read(page, form, At);
        return failure is null || (failure.Detail.StartsWith("line ", StringComparison.Ordinal) && reader.Samples.IsEmpty);
    });

    /// <summary>Good lines with bytes taken out, put in and changed.</summary>
    private static byte[] Hostile(Random dice)
    {
        string[] lines =
        [
            "up{a=\"b\",c=\"d\\\"\"} 1 5 # {t=\"x\"} 1 2", "# TYPE up counter", "# HELP up \\n", "# UNIT up s", "# EOF", "{\"a.b\",\"c\"=\"d\"} NaN", "x +Inf", "\"", "+", "a .",
        ];
        var bytes = new List<byte>();
        for (var i = 0; i < dice.Next(1, 6); i++)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(lines[dice.Next(lines.Length)] + "\n"));
        }

        for (var i = 0; i < dice.Next(0, 6) && bytes.Count > 0; i++)
        {
            var at = dice.Next(bytes.Count);
            switch (dice.Next(3))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, dice.Next(2) == 0 ? (byte)dice.Next(256) : "{}\"\\,=# \n"u8[dice.Next(9)]);
                    break;
                default:
                    bytes[at] = (byte)dice.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Bytes(string page) => Encoding.UTF8.GetBytes(page.ReplaceLineEndings("\n"));
}
