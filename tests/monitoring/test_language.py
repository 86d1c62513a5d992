"""Which language a text is in, told from sentences nobody would dispute."""

import pytest

from responses.monitoring.sentiment import classify

SENTENCES = [
    ("en", "The ferry is late again and nobody told us why"),
    ("en", "Can someone from the bank please answer my question?"),
    ("fil", "Hindi pa rin dumarating ang barko at walang nagsasabi sa amin"),
    ("fil", "Masarap ang pagkain nila pero matagal ang pila kanina"),
    ("taglish", "Grabe yung delay ng ferry, we waited sa pier for five hours"),
    ("taglish", "Nag-crash na naman ang app, please fix this kasi payday ngayon"),
    ("ceb", "Dugay kaayo ang barko, wala pa gihapon mi kasakay karon"),
    ("ceb", "Lami kaayo ang ilang pagkaon, salamat"),
    ("es", "El servicio es muy malo y nadie nos responde"),
    ("pt", "O serviço não é bom e ninguém me responde, obrigado"),
    ("fr", "Le service est très bien, merci pour votre aide"),
    ("de", "Der Service ist nicht gut und ich warte schon lange"),
    ("it", "Il servizio è molto buono, grazie per tutto"),
    ("id", "Pelayanannya tidak bagus dan saya sangat kecewa"),
    ("id", "Makanan ini sedap sekali, terima kasih"),
    ("vi", "Dịch vụ rất tốt, cảm ơn các bạn"),
    ("tr", "Bu servis çok kötü ve hiç cevap yok"),
    ("ja", "このサービスはとても良いです"),
    ("ja", "船が遅れています"),
    ("ko", "이 서비스 정말 좋아요"),
    ("zh", "这个服务很好"),
    ("ar", "الخدمة سيئة جدا"),
    ("th", "บริการดีมาก ขอบคุณค่ะ"),
    ("hi", "सेवा बहुत अच्छी है"),
    ("ru", "Очень плохой сервис"),
    ("und", ""),
    ("und", "12345"),
    ("und", "zxqv"),
    ("und", "https://example.com/the-and-of"),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_languages(language, text):
    assert classify(text).language == language


def test_a_foreign_name_does_not_change_the_language():
    assert classify("The new 東京 branch is open and we love it there").language == "en"
