"""One edition of twelve invented articles, as every rendering's tests and pictures use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from digest.bulletin.view import Block, Cell, Prose, Run, Table, View, ViewItem, ViewSection
from digest.model import Letterhead

SITE = "https://bantin.example.vn"
SONG_VAN, BEN_THU, DONG_MAU = "Báo Sông Vân", "Đài Phát thanh Bến Thử", "Báo Đồng Mẫu"
HA_SON, REVIEW = "Báo Hạ Sơn", "Tạp chí Lý luận Sông Vân"


def prose(*texts: str) -> Prose:
    return tuple(Block((Run(text),)) for text in texts)


def item(
    article: int,
    day: int | None,
    outlet: str,
    title: str,
    lead: str,
    *excerpts: str | None,
    note: Prose = (),
    author: str = "",
    also_in: tuple[str, ...] = (),
    text: str = "full",
) -> ViewItem:
    return ViewItem(
        article=article,
        revision=1,
        order=0,
        title=title,
        outlet=outlet,
        url=f"https://bao.example.vn/{article}/tin-trong-tuan.html",
        link=f"{SITE}/b/{article}",
        collected=date(2026, 11, 22),
        published=date(2026, 11, day) if day else None,
        author=author,
        lead=lead,
        excerpts=excerpts,
        note=note,
        also_in=also_in,
        text=text,
    )


RELIGION = (
    item(
        1834,
        18,
        SONG_VAN,
        "Xã Đồng Mẫu: chức sắc và tín đồ các đạo cùng làm đường liên thôn",
        "Con đường 2,4 km nối bốn thôn của xã Đồng Mẫu hoàn thành sau 40 ngày, một phần ba công sức do bà con có đạo góp.",
        "Sáng nào ông trùm họ đạo cũng đến trước, mang theo ấm nước và hai cái xẻng. Người nhà chùa đến sau nửa giờ, mang theo xôi.",
        None,
        "Xã đã vận động được 118 hộ hiến 3.260 m² đất, trong đó 37 hộ là đồng bào có đạo.",
        note=prose(
            "Con số 3.260 m² là của cả bốn thôn. Khi kể ở hội nghị nên nói rõ để tránh hiểu là của riêng đồng bào có đạo."
        ),
        author="Hoài Mẫu",
    ),
    item(
        1841,
        17,
        BEN_THU,
        "Lớp học buổi tối trong sân chùa Bến Thử",
        "Ba tối một tuần, sân chùa sáng đèn cho hai mươi sáu học sinh là con công nhân ở trọ.",
        "Sư thầy lo bàn ghế và bữa cháo, đoàn phường lo người dạy. Phụ huynh chỉ phải lo một việc: đón con đúng giờ.",
        None,
        "Sau một học kỳ, 19 trong 26 em đọc thông, viết thạo.",
    ),
    item(
        1850,
        18,
        BEN_THU,
        "Xã Đồng Mẫu gặp mặt chức sắc, người có uy tín nhân Ngày hội Đại đoàn kết",
        "Buổi gặp ở nhà văn hóa thôn Trung có 42 đại biểu, nghe nhiều hơn nói.",
        "Mỗi thôn được mười phút nêu một việc chưa xong và một người chịu làm. Việc nhiều người nhắc nhất là nước sạch cho xóm ven đê.",
        also_in=(SONG_VAN, DONG_MAU),
    ),
)
ETHNIC = (
    item(
        1907,
        19,
        SONG_VAN,
        "Người có uy tín ở bản Khe Mẫu vận động bà con giữ rừng đầu nguồn",
        "Hai năm liền xã Đồng Mẫu không có vụ phá rừng nào. Người dân nói đó là nhờ một cụ già đi bộ.",
        "Cụ không đọc quy định, cụ kể chuyện con suối cạn năm nào. Nghe xong, cả bản ký vào cuốn sổ của mình.",
        None,
        "Bản lập bốn tổ tuần rừng, mỗi tổ bảy người, đổi phiên vào ngày phiên chợ.",
        note=(
            Block((Run("Có thể dùng làm "), Run("chuyện mở đầu", bold=True), Run(" cho buổi nói chuyện."))),
            Block(
                (
                    Run("Xem thêm quy ước của bản tại "),
                    Run("trang của xã", href="https://dongmau.example.vn/quy-uoc"),
                    Run("."),
                )
            ),
        ),
    ),
    item(
        1911,
        20,
        DONG_MAU,
        "Hợp tác xã chè Khe Mẫu bán hàng bằng hai thứ tiếng",
        "Trên nhãn chè có tiếng phổ thông và tiếng của bản, người mua nghe được cả cách pha.",
        "Hợp tác xã có 31 hộ, quý trước bán được 4,2 tấn chè khô. Giá tăng 15% so với bán cho thương lái.",
    ),
    item(
        1788,
        12,
        REVIEW,
        "Phát huy vai trò già làng, trưởng bản trong xây dựng nông thôn mới",
        "Từ thực tế ba xã miền núi của Sông Vân, bài viết nêu bốn việc mà già làng làm tốt hơn văn bản.",
        "Người có uy tín không thay chính quyền; họ làm cho lời của chính quyền được nghe.",
        None,
        "Nơi nào già làng được báo trước kế hoạch, nơi ấy tỷ lệ hộ đồng thuận cao hơn 20 điểm phần trăm.",
        author="TS. Trần Mẫu",
    ),
)
PARTY = (
    item(
        1802,
        16,
        HA_SON,
        "Khu phố 3 sinh hoạt chi bộ chuyên đề trực tuyến",
        "Đảng viên đi làm xa vẫn dự họp đủ, biên bản xong ngay trong buổi tối.",
        "Chi bộ có 28 đảng viên, 9 người làm ca đêm. Trước đây mỗi kỳ vắng năm, sáu người; ba kỳ gần đây không ai vắng.",
    ),
    item(
        1920,
        21,
        HA_SON,
        "Kết nạp đảng viên ở doanh nghiệp: hai cách làm",
        "Một công ty mở lớp ngay trong xưởng, một công ty đổi giờ làm để công nhân đi học.",
        "Cách thứ nhất nhanh nhưng chủ doanh nghiệp phải bố trí phòng. Cách thứ hai chậm hơn mà người học bền hơn.",
        None,
        "Cả năm, hai công ty giới thiệu 17 quần chúng ưu tú, kết nạp 6.",
        note=prose("Khi so sánh hai cách, nêu cả phần chi phí của doanh nghiệp."),
    ),
    item(
        1909,
        19,
        DONG_MAU,
        "Tổ đảng tàu cá: họp khi tàu về bến",
        "Mười hai tàu, ba mươi đảng viên, lịch họp theo con nước.",
        "Nghị quyết của tổ chỉ một trang, dán trong ca-bin, ai cũng thuộc.",
    ),
)
INTEGRATION = (
    item(
        1915,
        20,
        HA_SON,
        "Xuất xứ hàng hóa: doanh nghiệp Sông Vân cần biết gì",
        "Ba lỗi hay gặp khiến lô hàng mất ưu đãi thuế, đều sửa được trước khi xuống cảng.",
        "Lỗi thứ nhất là ghi sai mã số hàng hóa. Lỗi thứ hai là để ngày cấp chứng nhận sau ngày tàu chạy quá lâu.",
    ),
    item(
        1926,
        22,
        SONG_VAN,
        "Cán bộ xã học ngoại ngữ qua tình huống tiếp dân",
        "Mỗi tuần một tình huống thật, học xong dùng được ngay ở bàn tiếp dân.",
        "Lớp có 24 người, học vào giờ nghỉ trưa thứ Tư, không ai phải đi xa.",
    ),
)
DOCUMENTS = (
    item(
        1928,
        None,
        SONG_VAN,
        "Ba văn bản có hiệu lực từ 01/12/2026",
        "Ba văn bản mới của tỉnh Sông Vân liên quan trực tiếp đến cấp xã.",
        "Quyết định về hỗ trợ lớp học cộng đồng thay cho quyết định năm 2021.",
        text="none",
    ),
)
# Said by articles that stand in no section: numbers 13 and 14 of the list of sources.
CITED = (
    item(1931, 19, DONG_MAU, "Cấp xã được giao thêm việc gì từ năm tới", ""),
    item(1933, 20, HA_SON, "Thi hành án dân sự: một quyết định, ba điều cần nhớ", ""),
)


def _documents() -> Table:
    """A table as `assemble` makes it: a row's source stands in its first cell."""

    def row(number: int, words: str, *others: str | Cell) -> tuple[Cell, ...]:
        source = {13: CITED[0], 14: CITED[1]}.get(number, DOCUMENTS[0])
        return Cell(words, number, source.link), *(Cell(c) if isinstance(c, str) else c for c in others)

    later = Cell("01/01/2027", 14, CITED[1].link)
    return Table(
        "",
        ("Văn bản", "Nội dung", "Nơi ban hành", "Ngày ban hành", "Có hiệu lực từ"),
        (
            row(12, "Quyết định số 12/2026/QĐ-MẪU", "về hỗ trợ lớp học cộng đồng", "UBND tỉnh Sông Vân", "12/11/2026", "01/12/2026"),
            row(12, "Quyết định số 13/2026/QĐ-MẪU", "quy định quản lý đường liên thôn", "UBND tỉnh Sông Vân", "", "01/12/2026"),
            row(13, "Nghị quyết số 45-NQ/MẪU", "về phân công việc cho cấp xã trong năm 2027, trong đó có việc giữ đê và việc dạy chữ buổi tối", "Tỉnh ủy Sông Vân", "10/11/2026", ""),
            row(13, "Kế hoạch số 88/KH-MẪU", "về ngày hội đọc sách", "", "17/11/2026", later),
        ),
    )  # fmt: skip


IMPRINT = """Chịu trách nhiệm nội dung: Nguyễn Thị Mẫu, Phó Giám đốc Trung tâm chính trị phường Bến Thử
Giấy phép xuất bản bản tin số 00/GP-MẪU, ngày 05 tháng 01 năm 2026
In: 350 bản, khổ 19 × 27 cm, tại Xưởng in Sông Vân; in xong tháng 11/2026
Kỳ hạn: mỗi tuần một số, phát vào thứ hai; không bán"""
FOREWORD = (
    "Tuần này nhiều tờ báo viết về người có uy tín ở vùng đồng bào dân tộc và đồng bào có đạo. "
    "Các đồng chí có thể dùng bài thứ nhất làm câu chuyện mở đầu; số liệu ở mục Hội nhập nên đọc cùng mục Văn bản mới."
)


def edition(**changes: object) -> View:
    """The sample edition, number 12; keyword arguments replace fields."""
    sections, order = [], 0
    for name, topic, items, minutes, note, tables in (
        ("Tôn giáo", "ton-giao", RELIGION, 4, (), ()),
        ("Dân tộc", "dan-toc", ETHNIC, 4, prose("Ba bài, một ý: việc của bản do người của bản nói."), ()),
        ("Xây dựng Đảng", "xay-dung-dang", PARTY, 4, (), ()),
        ("Hội nhập", "hoi-nhap", INTEGRATION, 2, (), ()),
        ("Văn bản mới", "van-ban-moi", DOCUMENTS, 1, (), (_documents(),)),
    ):
        numbered = tuple(replace(one, order=order + n) for n, one in enumerate(items, 1))
        order += len(items)
        sections.append(ViewSection(name, topic, note, numbered, tables, minutes))
    view = View(
        id="bao-cao-vien/2026-W47",
        kind="weekly",
        name="Bản tin báo cáo viên",
        title="Bản tin báo cáo viên số 12",
        first=date(2026, 11, 16),
        last=date(2026, 11, 22),
        issued=date(2026, 11, 23),
        number=12,
        audience="Báo cáo viên, tuyên truyền viên",
        publisher="Trung tâm chính trị phường Bến Thử",
        letterhead=Letterhead("party", ("ĐẢNG BỘ PHƯỜNG BẾN THỬ", "TRUNG TÂM CHÍNH TRỊ"), "Sông Vân"),
        foreword=prose(FOREWORD),
        sections=tuple(sections),
        minutes=15,
        imprint=IMPRINT,
        site_name="Bản tin cập nhật kiến thức",
        site_url=SITE,
        state="approved",
        link=f"{SITE}/so/12",
        cited=tuple(replace(one, order=order + n) for n, one in enumerate(CITED, 1)),
    )
    return replace(view, **changes)  # type: ignore[arg-type]
