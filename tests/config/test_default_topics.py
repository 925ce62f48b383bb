"""The packaged topics find what belongs to them and leave out what only sounds like it; all texts are invented."""

import pytest

from digest import config, query, tagging
from digest.query import Doc

TOPICS = config.parse(config.default_text()).topics


def topics_of(title, lead, *body):
    doc = Doc(title, lead, body)
    nodes = [(topic.id, query.parse(topic.query)) for topic in TOPICS]
    found = [tagging.find(1, id, node, doc) for id, node in nodes if query.matches(node, doc)]
    return {one.topic for one in tagging.decide(TOPICS, (), (), found)}


@pytest.mark.parametrize(
    ("topic", "title", "lead"),
    [
        (
            "xay-dung-dang",
            "Chi bộ thôn Đồng Mẫu đổi mới sinh hoạt",
            "Cấp ủy xã phân công đảng viên phụ trách hộ.",
        ),
        (
            "xay-dung-dang",
            "Bộ Chính trị ban hành quy định mới về nêu gương",
            "Quy định áp dụng với cán bộ các cấp.",
        ),
        ("ton-giao", "Tăng ni, phật tử xã Bến Thử mừng lễ", "Đại lễ diễn ra trang nghiêm."),
        ("ton-giao", "Giáo xứ Hạ Sơn hiến đất mở đường", "Linh mục quản xứ vận động bà con."),
        ("dan-toc", "Người có uy tín ở Hạ Sơn giữ rừng", "Già làng đến từng nhà vận động."),
        ("hoi-nhap", "Tổng Bí thư thăm chính thức nước bạn", "Hai bên nâng cấp quan hệ song phương."),
        ("hoi-nhap", "Doanh nghiệp Sông Vân tận dụng CPTPP", "Hiệp định thương mại mở thêm thị trường."),
        (
            "ly-luan",
            "Bảo vệ nền tảng tư tưởng của Đảng trong tình hình mới",
            "Phản bác các quan điểm sai trái.",
        ),
        ("thuc-tien", "Sông Vân về đích nông thôn mới", "Hợp tác xã giúp giảm nghèo bền vững."),
        ("quoc-phong-an-ninh", "Dân quân tự vệ Bến Thử huấn luyện", "Nền quốc phòng toàn dân được củng cố."),
        ("phap-luat", "Chính sách mới có hiệu lực từ tháng 12", "Nghị định số 1 nêu mức lương cơ sở."),
        ("van-hoa", "Giữ gìn bản sắc văn hóa ở Khe Mẫu", "Nghệ nhân dân gian truyền nghề cho lớp trẻ."),
        ("hai-phong", "Hải Phòng khánh thành trường học", "Công trình phục vụ người dân phường Đồ Sơn."),
    ],
)
def test_what_belongs_to_a_topic_is_found(topic, title, lead):
    assert topic in topics_of(title, lead, lead, "Đoạn khác không nói gì thêm về việc này.")


@pytest.mark.parametrize(
    ("topic", "title", "lead"),
    [
        (
            "xay-dung-dang",
            "Ủy viên Bộ Chính trị thăm nhà máy",
            "Đoàn công tác của Trung ương Đảng xem dây chuyền.",
        ),
        ("xay-dung-dang", "Đảng viên Dân chủ mất ghế", "Nhiều đảng viên Dân chủ ở Hạ viện bỏ phiếu chống."),
        (
            "xay-dung-dang",
            "Phân cấp, ủy quyền mạnh cho cơ sở",
            "Việc phân cấp, ủy quyền giúp dân bớt đi lại.",
        ),
        (
            "ton-giao",
            "Phân công giáo viên về trường mới",
            "Phòng tổ chức việc phân công giáo viên, cô giáo họ Trần nói.",
        ),
        ("thuc-tien", "Đầu tư công nghệ cho lớp học", "Xưởng đầu tư công nghệ, đầu tư công trình phụ trợ."),
        ("van-hoa", "Nhiều người có công việc ổn định", "Người có công nghệ trong tay dễ tìm việc."),
        ("hai-phong", "Làng nghề làm đồ sơn mài", "Đồ sơn mài được khách ưa chuộng."),
        (
            "phap-luat",
            "Tòa án Hiến pháp nước láng giềng ra phán quyết",
            "Hiến pháp nước này cho phép như vậy.",
        ),
        ("ton-giao", "Tin lành cho người chăn nuôi", "Giá lợn hơi tăng trở lại."),
        ("ton-giao", "Phiến quân tấn công nhà thờ", "Tín đồ tháo chạy khỏi nơi xung đột tôn giáo."),
        ("dan-toc", "Miền núi phía Bắc rét đậm", "Nhiệt độ xuống dưới 10 độ C."),
        ("hoi-nhap", "Tuyển thủ sẵn sàng cho ASEAN Cup", "Huấn luyện viên chốt danh sách dự các nước ASEAN."),
        ("ly-luan", "Lý do giá vàng tăng", "Chuyên gia luận bàn về chính sách tiền tệ."),
        (
            "quoc-phong-an-ninh",
            "Bão số 5 đi vào Biển Đông",
            "Biển Đông có gió mạnh, Bộ đội Biên phòng ứng trực.",
        ),
        ("quoc-phong-an-ninh", "Kẹt xe trên đường Trường Sa", "Công an nhân dân điều tiết giao thông."),
        (
            "quoc-phong-an-ninh",
            "Lầu Năm Góc tăng ngân sách",
            "Bộ trưởng Quốc phòng Mỹ nói về an ninh quốc gia.",
        ),
        ("phap-luat", "Phạm luật, một tài xế bị giữ xe", "Người này bị xử phạt vi phạm hành chính."),
        ("van-hoa", "Ca sĩ ra mắt sản phẩm mới", "Người hâm mộ ngành văn hóa giải trí chờ đón."),
        ("hai-phong", "Khảo sát của tàu Hải Dương 8", "Tàu Hải Dương 8 rời khu vực."),
        ("hai-phong", "Viện Hải dương học công bố loài mới", "Các nhà hải dương học khảo sát rạn san hô."),
    ],
)
def test_what_only_sounds_like_it_stays_out(topic, title, lead):
    assert topic not in topics_of(title, lead, lead, "Đoạn khác không nói gì thêm về việc này.")


def test_a_passing_mention_is_no_subject():
    body = ["Hội thảo bàn về giống lúa chịu mặn và cách giữ nước ngọt cho vụ sau."] * 8
    assert topics_of("Giống lúa mới ở Sông Vân", "Hội thảo giới thiệu bốn giống lúa.", *body) == set()
    body[5] += " Đại biểu ở Hải Phòng, chức sắc và cấp ủy địa phương cùng dự."
    assert topics_of("Giống lúa mới ở Sông Vân", "Hội thảo giới thiệu bốn giống lúa.", *body) == set()
